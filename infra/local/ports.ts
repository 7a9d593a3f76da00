import { componentPorts } from '../../telemetry/contract/ports.ts';
import { type ServiceName, services } from '../../telemetry/contract/services.ts';

/** The largest offset with which every port stays below 65536. */
export const maxPortOffset = 65_535 - Math.max(...Object.values(componentPorts), 9200);

/** Loki's second port; nothing but Loki itself calls it. */
const lokiGrpcPort = 9095;

export type LocalPorts = Readonly<Record<keyof typeof componentPorts | ServiceName | 'lokiGrpc', number>>;

/** Every port of the local stack, moved by `offset`. */
export function localPorts(offset: number): LocalPorts {
  const base = {
    ...componentPorts,
    ...Object.fromEntries(Object.entries(services).map(([name, { port }]) => [name, port])),
    lokiGrpc: lokiGrpcPort,
  };
  return Object.fromEntries(Object.entries(base).map(([name, port]) => [name, port + offset])) as LocalPorts;
}
