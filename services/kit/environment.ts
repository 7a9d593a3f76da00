import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type ServiceName, services } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';

/** A TCP port; 0 lets the system choose, which tests use. */
const port = z.coerce.number().int().min(0).max(65_535);
const httpUrl = z.url({ protocol: /^https?$/ });

const variables = {
  PORT: { schema: port.optional(), expected: 'a TCP port, 0 to 65535' },
  HOST: { schema: z.string().min(1).max(255).default('127.0.0.1'), expected: 'an address to listen on' },
  DATA_DIR: { schema: z.string().min(1).default('data'), expected: 'a directory for the database files' },
  EVENT_BUS_PATH: { schema: z.string().min(1).optional(), expected: 'the path of the embedded bus’s file' },
  DAPR_HTTP_PORT: { schema: port.min(1).optional(), expected: 'the TCP port of the Dapr sidecar' },
  DAPR_PUBSUB: { schema: z.string().min(1).max(63).default('pubsub'), expected: 'a Dapr component’s name' },
  BACKEND_API_URL: {
    schema: httpUrl.default(`http://127.0.0.1:${services['backend-api'].port}`),
    expected: 'an http or https URL',
  },
  FAULTS_DIR: { schema: z.string().min(1).optional(), expected: 'a directory with fault files' },
  AUTH_SECRET_FILE: {
    schema: z.string().min(1).optional(),
    expected: 'the path of the file with the secret',
  },
  AUTH_SECRET: { schema: z.string().min(32).max(4096).optional(), expected: 'at least 32 characters' },
  AUDIT_MAX_ENTRIES: {
    schema: z.coerce.number().int().min(1000).max(100_000_000).default(200_000),
    expected: 'a whole number, 1000 to 100000000',
  },
  DEMO_USERS: {
    schema: z.coerce.number().int().min(0).max(100).default(10),
    expected: 'a whole number, 0 to 100',
  },
} as const;

type Variables = typeof variables;
type VariableName = keyof Variables;
type Values = { readonly [N in VariableName]: z.output<Variables[N]['schema']> };

/**
 * What a service is told by its environment, validated; LOG_LEVEL and the tracing variables are read by the
 * instrumentation. Never log it: AUTH_SECRET is among it.
 */
export interface ServiceEnvironment extends Omit<Values, 'PORT' | 'EVENT_BUS_PATH' | 'AUTH_SECRET_FILE'> {
  readonly PORT: number;
  readonly EVENT_BUS_PATH: string;
  /** Made at the first start when AUTH_SECRET is not set. Beside the bus's file, which the services share. */
  readonly AUTH_SECRET_FILE: string;
}

const secretVariables: readonly string[] = ['AUTH_SECRET'] satisfies VariableName[];

function readVariable(name: VariableName, service: string, env: NodeJS.ProcessEnv): unknown {
  const given = env[name] === '' ? undefined : env[name];
  const parsed = variables[name].schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const shown = secretVariables.includes(name) ? 'a value that is not shown' : JSON.stringify(given);
  throw new SightlineError('SL1701', {
    what: `${name} is ${shown}, but must be ${variables[name].expected}`,
    where: `environment of ${service}`,
    fix: `set ${name} to ${variables[name].expected}, or unset it for the default`,
  });
}

/** @throws SightlineError SL1701 naming the first variable whose value is not understood. */
export function readEnvironment(service: ServiceName, env: NodeJS.ProcessEnv): ServiceEnvironment {
  const names = Object.keys(variables) as VariableName[];
  const values = Object.fromEntries(names.map((name) => [name, readVariable(name, service, env)])) as Values;
  const busPath = values.EVENT_BUS_PATH ?? join(values.DATA_DIR, 'event-bus.sqlite');
  return {
    ...values,
    PORT: values.PORT ?? services[service].port,
    EVENT_BUS_PATH: busPath,
    AUTH_SECRET_FILE: values.AUTH_SECRET_FILE ?? join(dirname(busPath), 'auth.secret'),
  };
}
