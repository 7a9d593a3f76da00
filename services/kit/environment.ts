import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type ServiceName, services } from '../../telemetry/contract/services.ts';
import {
  httpUrl,
  listenVariables,
  portSchema,
  readVariables,
  type VariableValues,
} from '../../telemetry/environment.ts';

const commonVariables = {
  DATA_DIR: { schema: z.string().min(1).default('data'), expected: 'a directory for the database files' },
  EVENT_BUS_PATH: { schema: z.string().min(1).optional(), expected: 'the path of the embedded bus’s file' },
  DAPR_HTTP_PORT: { schema: portSchema.min(1).optional(), expected: 'the TCP port of the Dapr sidecar' },
  DAPR_PUBSUB: { schema: z.string().min(1).max(63).default('pubsub'), expected: 'a Dapr component’s name' },
  DAPR_STATE_STORE: {
    schema: z.string().min(1).max(63).default('state'),
    expected: 'a Dapr component’s name',
  },
  BACKEND_API_URL: {
    ...httpUrl,
    schema: httpUrl.schema.default(`http://127.0.0.1:${services['backend-api'].port}`),
  },
  FAULTS_DIR: { schema: z.string().min(1).optional(), expected: 'a directory with fault files' },
  AUTH_SECRET_FILE: {
    schema: z.string().min(1).optional(),
    expected: 'the path of the file with the secret',
  },
  AUTH_SECRET: {
    schema: z.string().min(32).max(4096).optional(),
    expected: 'at least 32 characters',
    secret: true,
  },
  AUDIT_MAX_ENTRIES: {
    schema: z.coerce.number().int().min(1000).max(100_000_000).default(200_000),
    expected: 'a whole number, 1000 to 100000000',
  },
  DEMO_USERS: {
    schema: z.coerce.number().int().min(0).max(100).default(10),
    expected: 'a whole number, 0 to 100',
  },
} as const;

const variablesOf = (service: ServiceName) => ({
  ...listenVariables(services[service].port),
  ...commonVariables,
});

type Values = VariableValues<ReturnType<typeof variablesOf>>;

/**
 * What a service is told by its environment, validated; LOG_LEVEL and the tracing variables are read by the
 * instrumentation. Never log it: AUTH_SECRET is among it.
 */
export interface ServiceEnvironment extends Omit<Values, 'EVENT_BUS_PATH' | 'AUTH_SECRET_FILE'> {
  readonly EVENT_BUS_PATH: string;
  /** Made at the first start when AUTH_SECRET is not set. Beside the bus's file, which the services share. */
  readonly AUTH_SECRET_FILE: string;
}

/** @throws SightlineError SL1701 naming the first variable whose value is not understood. */
export function readEnvironment(service: ServiceName, env: NodeJS.ProcessEnv): ServiceEnvironment {
  const values = readVariables(variablesOf(service), env, { name: service, code: 'SL1701' });
  const busPath = values.EVENT_BUS_PATH ?? join(values.DATA_DIR, 'event-bus.sqlite');
  return {
    ...values,
    EVENT_BUS_PATH: busPath,
    AUTH_SECRET_FILE: values.AUTH_SECRET_FILE ?? join(dirname(busPath), 'auth.secret'),
  };
}
