import type { ServiceName } from './services.ts';
import type { SloDefinition } from './types.ts';

/** One objective of each kind a service; ids are `<service>-<kind>`. */
export const slos = [
  {
    service: 'backend-api',
    description: 'Requests are answered without a server error',
    objective: 0.995,
    indicator: { kind: 'availability' },
  },
  {
    service: 'backend-api',
    description: 'Requests are answered within half a second',
    objective: 0.95,
    indicator: { kind: 'latency', threshold: 0.5 },
  },
] as const satisfies readonly SloDefinition<ServiceName>[];
