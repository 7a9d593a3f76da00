import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliveringNiceness } from '../../infra/local/niceness.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import { makeDirectory } from '../../telemetry/make-directory.ts';
import { ChaosProcess } from './chaos-process.ts';

export interface LokiOptions {
  /** The binary. */
  readonly loki: string;
  /** For its configuration and its data, which outlive the process. */
  readonly directory: string;
  readonly port: number;
  readonly grpcPort: number;
  /** Over the limits that let everything in. */
  readonly limits?: Readonly<Record<string, unknown>>;
}

export interface LokiProcess {
  readonly url: string;
  readonly process: ChaosProcess;
  /** Limits of single tenants, in force within a second. */
  override(overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void;
}

/** A real Loki of its own, with the limits of the platform, that can be killed and started again on its data. */
export function lokiProcess({ loki, directory, port, grpcPort, limits = {} }: LokiOptions): LokiProcess {
  makeDirectory(directory);
  const [config, overridesFile] = [join(directory, 'loki.yaml'), join(directory, 'overrides.yaml')];
  const override: LokiProcess['override'] = (overrides) =>
    writeFileSync(overridesFile, toYaml({ overrides }));
  override({});
  writeFileSync(config, toYaml(lokiConfig(directory, port, grpcPort, overridesFile, limits)));
  const url = `http://127.0.0.1:${port}`;
  const process = new ChaosProcess({
    command: loki,
    args: [`-config.file=${config}`],
    niceness: deliveringNiceness,
    readyUrl: `${url}/metrics`,
  });
  return { url, process, override };
}

const mostPageBytes = 256 * 1024 * 1024;

const lokiConfig = (
  directory: string,
  port: number,
  grpcPort: number,
  overridesFile: string,
  limits: Readonly<Record<string, unknown>>,
) => ({
  auth_enabled: true,
  server: {
    http_listen_address: '127.0.0.1',
    http_listen_port: port,
    grpc_listen_address: '127.0.0.1',
    grpc_listen_port: grpcPort,
    log_level: 'warn',
    // Lines of torn batches are long: a page of them must pass between Loki's parts.
    grpc_server_max_recv_msg_size: mostPageBytes,
    grpc_server_max_send_msg_size: mostPageBytes,
  },
  querier: { max_concurrent: 16 },
  analytics: { reporting_enabled: false },
  common: {
    instance_addr: '127.0.0.1',
    path_prefix: join(directory, 'data'),
    replication_factor: 1,
    ring: { kvstore: { store: 'inmemory' } },
    storage: {
      filesystem: {
        chunks_directory: join(directory, 'data/chunks'),
        rules_directory: join(directory, 'data/rules'),
      },
    },
  },
  ingester: { lifecycler: { min_ready_duration: '0s' } },
  frontend_worker: { frontend_address: `127.0.0.1:${grpcPort}` },
  schema_config: {
    configs: [
      {
        from: '2024-01-01',
        store: 'tsdb',
        object_store: 'filesystem',
        schema: 'v13',
        index: { prefix: 'index_', period: '24h' },
      },
    ],
  },
  runtime_config: { file: overridesFile, period: '1s' },
  limits_config: {
    ingestion_rate_mb: 256,
    ingestion_burst_size_mb: 512,
    per_stream_rate_limit: '256MB',
    per_stream_rate_limit_burst: '512MB',
    max_line_size: '256KB',
    max_global_streams_per_user: 20_000,
    max_entries_limit_per_query: 1_000_000,
    discover_log_levels: false,
    discover_service_name: [],
    allow_structured_metadata: true,
    ...limits,
  },
});
