import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../../infra/local/pick-ports.ts';
import { toYaml } from '../../../infra/render/yaml.ts';
import { ChaosProcess } from '../../chaos/chaos-process.ts';

/** Something that takes logs and brings them to a Loki. */
export interface Peer {
  readonly process: ChaosProcess;
  readonly url: string;
  /** The tenant that it writes for. */
  readonly organization: string;
}

export interface PeerOptions {
  readonly binary: string;
  readonly lokiUrl: string;
  readonly directory: string;
}

/** Promtail's push endpoint. It acknowledges what it holds in memory. */
export async function promtailPeer({ binary, lokiUrl, directory }: PeerOptions): Promise<Peer> {
  const [port = 0, grpcPort = 0, pushPort = 0, pushGrpcPort = 0] = await freePorts(4);
  const organization = 'promtail';
  const config = join(directory, 'promtail.yaml');
  const listener = (http: number, grpc: number) => ({
    http_listen_address: '127.0.0.1',
    http_listen_port: http,
    grpc_listen_address: '127.0.0.1',
    grpc_listen_port: grpc,
  });
  writeFileSync(
    config,
    toYaml({
      server: listener(port, grpcPort),
      positions: { filename: join(directory, 'positions.yaml') },
      clients: [{ url: `${lokiUrl}/loki/api/v1/push`, tenant_id: organization }],
      scrape_configs: [
        {
          job_name: 'push',
          loki_push_api: {
            server: listener(pushPort, pushGrpcPort),
            labels: { job: 'push' },
            use_incoming_timestamp: true,
          },
        },
      ],
    }),
  );
  const process = new ChaosProcess({
    command: binary,
    args: [`-config.file=${config}`],
    readyUrl: `http://127.0.0.1:${port}/metrics`,
  });
  return { process, url: `http://127.0.0.1:${pushPort}`, organization };
}

/** An OpenTelemetry Collector whose queue is on disk and synced at each write: it acknowledges what is durable. */
export async function collectorPeer({ binary, lokiUrl, directory }: PeerOptions): Promise<Peer> {
  const [port = 0] = await freePorts(1);
  const organization = 'collector';
  const config = join(directory, 'collector.yaml');
  writeFileSync(
    config,
    toYaml({
      extensions: {
        file_storage: {
          directory: join(directory, 'collector'),
          create_directory: true,
          fsync: true,
          timeout: '10s',
        },
      },
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      exporters: {
        otlphttp: {
          endpoint: `${lokiUrl}/otlp`,
          headers: { 'X-Scope-OrgID': organization },
          compression: 'none',
          sending_queue: { storage: 'file_storage', queue_size: 100_000, num_consumers: 4 },
        },
      },
      service: {
        extensions: ['file_storage'],
        telemetry: { logs: { level: 'error' }, metrics: { level: 'none' } },
        pipelines: { logs: { receivers: ['otlp'], exporters: ['otlphttp'] } },
      },
    }),
  );
  const process = new ChaosProcess({
    command: binary,
    args: ['--config', config],
    // It answers POST only; that it answers at all is what counts.
    readyUrl: `http://127.0.0.1:${port}/v1/logs`,
    readyStatus: 405,
  });
  return { process, url: `http://127.0.0.1:${port}`, organization };
}
