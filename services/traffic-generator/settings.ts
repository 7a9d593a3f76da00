import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { services } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';

const httpUrl = z.url({ protocol: /^https?$/ });

const variables = {
  PORT: {
    schema: z.coerce.number().int().min(0).max(65_535).default(componentPorts.trafficGenerator),
    expected: 'a TCP port, 0 to 65535',
  },
  HOST: { schema: z.string().min(1).max(255).default('127.0.0.1'), expected: 'an address to listen on' },
  BACKEND_API_URL: {
    schema: httpUrl.default(`http://127.0.0.1:${services['backend-api'].port}`),
    expected: 'an http or https URL',
  },
  RECURRING_TASK_URL: { schema: httpUrl.optional(), expected: 'an http or https URL' },
  NOTIFICATION_URL: { schema: httpUrl.optional(), expected: 'an http or https URL' },
  SYNC_URL: { schema: httpUrl.optional(), expected: 'an http or https URL' },
  AUDIT_URL: { schema: httpUrl.optional(), expected: 'an http or https URL' },
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

type Variables = typeof variables;

export type TrafficSettings = { readonly [N in keyof Variables]: z.output<Variables[N]['schema']> };

/** @throws SightlineError SL1701 naming the variable whose value is not understood */
export function readTrafficSettings(env: NodeJS.ProcessEnv): TrafficSettings {
  const names = Object.keys(variables) as (keyof Variables)[];
  const read = (name: keyof Variables): unknown => {
    const given = env[name] === '' ? undefined : env[name];
    const parsed = variables[name].schema.safeParse(given);
    if (parsed.success) return parsed.data;
    throw new SightlineError('SL1701', {
      what: `${name} is ${JSON.stringify(given)}, but must be ${variables[name].expected}`,
      where: 'environment of traffic-generator',
      fix: `set ${name} to ${variables[name].expected}, or unset it for the default`,
    });
  };
  return Object.fromEntries(names.map((name) => [name, read(name)])) as TrafficSettings;
}
