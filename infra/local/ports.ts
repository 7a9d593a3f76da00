import { type EmitterName, emitters } from '../../telemetry/contract/pipeline.ts';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { type ServiceName, serviceNames } from '../../telemetry/contract/services.ts';

/** The largest offset with which every port stays below 65536. */
export const maxPortOffset = 65_535 - Math.max(...Object.values(componentPorts), 9200);

/** Loki's second port; nothing but Loki itself calls it. */
const lokiGrpcPort = 9095;

/** Where Redis listens, and where the first service's sidecar does; the others' follow. */
const redisPort = 6379;
const sidecarPorts = { http: 3500, grpc: 3600, internal: 3700, metrics: 9190 } as const;

type SidecarPort = `${ServiceName}-dapr-${keyof typeof sidecarPorts}`;

export type LocalPorts = Readonly<
  Record<keyof typeof componentPorts | EmitterName | SidecarPort | 'lokiGrpc' | 'redis', number>
>;

/** Every port of the local stack, moved by `offset`. */
export function localPorts(offset: number): LocalPorts {
  const base = {
    ...componentPorts,
    ...Object.fromEntries(Object.entries(emitters).map(([name, { port }]) => [name, port])),
    ...Object.fromEntries(
      serviceNames.flatMap((name, index) =>
        Object.entries(sidecarPorts).map(([use, first]) => [`${name}-dapr-${use}`, first + index]),
      ),
    ),
    redis: redisPort,
    lokiGrpc: lokiGrpcPort,
  };
  return Object.fromEntries(Object.entries(base).map(([name, port]) => [name, port + offset])) as LocalPorts;
}
