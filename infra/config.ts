import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { logLevels } from '../telemetry/contract/logs.ts';
import { type ThresholdName, thresholds } from '../telemetry/contract/thresholds.ts';
import { SightlineError } from '../telemetry/errors.ts';

/** Environments that have a file of their own in `infra/environments/`. */
const environmentNames = ['local'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** Largest environment file that is read, in bytes: what a person writes is far smaller. */
const maxFileBytes = 256 * 1024;

const duration = z
  .string()
  .regex(/^[1-9]\d*(ms|s|m|h|d|w|y)$/, 'a Prometheus duration such as 15s, 5m or 7d');
const size = z.string().regex(/^[1-9]\d*(MB|GB|TB)$/, 'a size such as 512MB or 2GB');

/** Loki's compactor works on whole days of index, so its retention is at least one. */
const logRetention = duration.refine((value) => /^(\d+)[dwy]$/.test(value) || hours(value) >= 24, {
  message: 'at least 24h',
});

const hours = (value: string): number => (/^\d+h$/.test(value) ? Number.parseInt(value, 10) : 0);

const thresholdOverrides = z.strictObject(
  Object.fromEntries(
    Object.entries(thresholds).map(([name, { min, max }]) => [name, z.number().min(min).max(max).optional()]),
  ) as Record<ThresholdName, z.ZodOptional<z.ZodNumber>>,
);

const schema = z.strictObject({
  environment: z.enum(environmentNames),
  cluster: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a DNS label'),
  scrapeInterval: duration,
  prometheus: z.strictObject({ retentionTime: duration, retentionSize: size }),
  loki: z.strictObject({ retention: logRetention }),
  services: z.strictObject({ logLevel: z.enum(logLevels) }),
  traffic: z.strictObject({ rate: z.number().min(0).max(1000) }),
  thresholds: thresholdOverrides,
});

/** One environment's settings, validated; nothing else in the program reads configuration files. */
export type EnvironmentConfig = z.infer<typeof schema>;

/** @throws SightlineError SL1105 when no environment has this name */
export function readEnvironmentName(name: string): EnvironmentName {
  const known = environmentNames.find((candidate) => candidate === name);
  if (known) return known;
  throw new SightlineError('SL1105', {
    what: `there is no environment "${name}"`,
    where: '--env',
    fix: `use one of: ${environmentNames.join(', ')}`,
  });
}

const environmentFile = (name: EnvironmentName): string =>
  fileURLToPath(new URL(`./environments/${name}.yaml`, import.meta.url));

/**
 * Reads `infra/environments/<name>.yaml`, or `file` in its place.
 * @throws SightlineError SL1101 unreadable, SL1102 not YAML, SL1103 a key is unknown, missing or out of bounds
 */
export function readEnvironment(name: EnvironmentName, file = environmentFile(name)): EnvironmentConfig {
  return parseEnvironment(readText(file), file);
}

function readText(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= maxFileBytes) return text;
  } catch (cause) {
    throw new SightlineError('SL1101', {
      what: `cannot read the environment file: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: file,
      fix: 'give the path of a readable file, or restore it with `git checkout infra/environments`',
      cause,
    });
  }
  throw new SightlineError('SL1101', {
    what: `the environment file is larger than ${maxFileBytes} bytes`,
    where: file,
    fix: 'keep only the keys that infra/config.ts lists',
  });
}

/** The text of an environment file, validated; `file` is only named in errors. */
export function parseEnvironment(text: string, file: string): EnvironmentConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) {
    throw new SightlineError('SL1102', {
      what: `not valid YAML: ${broken.message.split('\n')[0]}`,
      where: `${file}:${lines.linePos(broken.pos[0]).line}`,
      fix: 'correct the line; the file in the repository shows the shape',
    });
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`,
  );
  throw new SightlineError('SL1103', {
    what: problems.join('; '),
    where: file,
    fix: `allowed keys: ${Object.keys(schema.shape).join(', ')}; infra/environments/local.yaml is a complete example`,
  });
}
