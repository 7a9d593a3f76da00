import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { defaultSilenceSeconds } from '../../alerts/inbox/deadman.ts';
import { type SecretForm, type SecretName, secrets } from '../../telemetry/contract/secrets.ts';
import { SightlineError } from '../../telemetry/errors.ts';

const address = z.url({ protocol: /^https?$/ });

/** What each form of a secret must look like. */
export const secretForms: Readonly<Record<SecretForm, z.ZodType<string>>> = {
  url: address,
  'pagerduty-key': z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'must be the 32 letters and digits of an Events API v2 integration key'),
  password: z
    .string()
    .regex(/^[^\p{Cc}]{12,1000}$/u, 'must be 12 to 1000 characters, without control characters'),
  token: z.string().regex(/^\S{1,1000}$/, 'must be at most 1000 characters without spaces'),
  // Stands in an address.
  'url-safe': z
    .string()
    .regex(
      /^[\w.~-]{1,1000}$/,
      'must be at most 1000 letters, digits, dots, hyphens, underscores and tildes',
    ),
  json: z.string().max(10_000).refine(isJsonObject, 'must be a JSON object of at most 10000 characters'),
};

function isJsonObject(text: string): boolean {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

const secretSchemas = Object.fromEntries(
  Object.entries(secrets).map(([name, { form }]) => [name, secretForms[form].optional()]),
) as Record<SecretName, z.ZodOptional<z.ZodType<string>>>;

/** How the log pipeline gets to brokers that run already. It judges them itself. */
const kafkaDescriptions = {
  KAFKA_BROKERS:
    'Brokers that carry the queue of the logs, `host:port` with commas between; none by default. `--with kafka` goes before them',
  KAFKA_TLS: '`true` where they want TLS',
  KAFKA_CA_FILE: 'Authority of their certificates, where it is no public one',
  KAFKA_SASL_MECHANISM:
    'How to sign on to them: `PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`; not at all by default',
  KAFKA_SASL_USERNAME: 'Who signs on',
  KAFKA_SASL_PASSWORD: 'With what password',
} as const;
type KafkaVariable = keyof typeof kafkaDescriptions;
export const kafkaVariables = Object.keys(kafkaDescriptions) as readonly KafkaVariable[];
const kafkaSchemas = Object.fromEntries(
  kafkaVariables.map((name) => [name, z.string().max(4096).optional()]),
) as Record<KafkaVariable, z.ZodOptional<z.ZodString>>;

/** What a person may set in the environment or in `.env`. Empty means unset. */
const schema = z.object({
  ...secretSchemas,
  ...kafkaSchemas,
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
  HEARTBEAT_SILENCE: z.coerce.number('must be a number of seconds').min(10).max(86_400).optional(),
});

export type LocalSettings = z.infer<typeof schema>;

const settingNames = Object.keys(schema.shape);

const secretDescriptions = Object.fromEntries(
  Object.entries(secrets).map(([name, { description }]) => [name, description]),
) as Record<SecretName, string>;

const descriptions: Readonly<Record<keyof LocalSettings, string>> = {
  ...secretDescriptions,
  ...kafkaDescriptions,
  OTEL_EXPORTER_OTLP_ENDPOINT: 'OTLP/HTTP endpoint that the services send their spans to; none by default',
  HEARTBEAT_SILENCE: `Seconds without a heartbeat after which the dead man’s switch of the inbox speaks, 10 to 86400; ${defaultSilenceSeconds} by default`,
};

/** Every variable that changes what `npm start` does, for the reference. */
export const environmentVariables: readonly {
  readonly name: string;
  readonly description: string;
  readonly secret: boolean;
}[] = [
  ...Object.entries(descriptions).map(([name, description]) => ({
    name,
    description,
    secret: name in secrets || name === 'KAFKA_SASL_PASSWORD',
  })),
  ...Object.entries({
    SIGHTLINE_PORT_OFFSET: 'Added to every port, like `--port-offset`',
    SIGHTLINE_STATE_DIR: 'Where the stack keeps its state, like `--state-dir`',
    SIGHTLINE_ENVIRONMENT_FILE: 'Read in place of `infra/environments/local.yaml`',
    SIGHTLINE_RELEASES_URL: 'Where official releases are downloaded from, for a mirror of them',
    XDG_CACHE_HOME: 'Parent of the cache of tools, `~/.cache` by default',
  }).map(([name, description]) => ({ name, description, secret: false })),
];

/** Those of the settings that are secrets: written to files of mode 0600, never shown. */
export const secretNames = Object.keys(secrets) as readonly SecretName[];

/** The settings that are none: without them every receiver is the local inbox. */
export const withoutSecrets = (settings: LocalSettings): LocalSettings =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in secrets)));

const maxFileBytes = 64 * 1024;

/**
 * Settings from `env`, and from the `.env` file where `env` has none.
 * @throws SightlineError SL1104 when a value is wrong; the message names the variable, never its value
 */
export function readLocalSettings(env: NodeJS.ProcessEnv, dotenvFile: string): LocalSettings {
  const fromFile = readDotenv(dotenvFile);
  const given = Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = env[name] || fromFile[name];
      return value ? [[name, value]] : [];
    }),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  throw new SightlineError('SL1104', {
    what: `${name} is not usable: ${issue?.message}`,
    where: env[name] ? `environment variable ${name}` : `${dotenvFile}, ${name}`,
    fix: `correct or unset it; docs/reference/environment.md lists each variable and its form`,
  });
}

function readDotenv(file: string): NodeJS.Dict<string> {
  if (!existsSync(file)) return {};
  const text = readFileSync(file, 'utf8');
  if (text.length > maxFileBytes) {
    throw new SightlineError('SL1104', {
      what: `the file is larger than ${maxFileBytes} bytes`,
      where: file,
      fix: 'keep only NAME=value lines',
    });
  }
  const broken = text
    .split('\n')
    .findIndex((line) => !/^\s*(#.*|(export\s+)?[A-Za-z_]\w*\s*=.*)?$/.test(line));
  if (broken !== -1) {
    throw new SightlineError('SL1104', {
      what: 'a line is neither NAME=value nor a # comment',
      where: `${file}:${broken + 1}`,
      fix: 'write one NAME=value a line',
    });
  }
  return parseEnv(text);
}
