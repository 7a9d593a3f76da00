import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { services } from '../../telemetry/contract/services.ts';
import { httpUrl, listenVariables, readVariables, type VariableValues } from '../../telemetry/environment.ts';

const otherService = { ...httpUrl, schema: httpUrl.schema.optional() };

const variables = {
  ...listenVariables(componentPorts.trafficGenerator),
  BACKEND_API_URL: {
    ...httpUrl,
    schema: httpUrl.schema.default(`http://127.0.0.1:${services['backend-api'].port}`),
  },
  RECURRING_TASK_URL: otherService,
  NOTIFICATION_URL: otherService,
  SYNC_URL: otherService,
  AUDIT_URL: otherService,
  TRAFFIC_RATE: {
    schema: z.coerce.number().min(0).max(500).default(5),
    expected: 'requests a second, 0 to 500',
  },
  TRAFFIC_SEED: {
    schema: z.coerce.number().int().min(0).max(4_294_967_295).default(1),
    expected: 'a whole number, 0 to 4294967295',
  },
  TRAFFIC_USERS: {
    schema: z.coerce.number().int().min(1).max(100).default(8),
    expected: 'a whole number, 1 to 100; backend-api’s DEMO_USERS must be as many',
  },
} as const;

export type TrafficSettings = VariableValues<typeof variables>;

/** @throws SightlineError SL1701 naming the variable whose value is not understood */
export function readTrafficSettings(env: NodeJS.ProcessEnv): TrafficSettings {
  return readVariables(variables, env, { name: 'traffic-generator', code: 'SL1701' });
}
