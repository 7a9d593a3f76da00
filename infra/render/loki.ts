import { loadOf } from '../config/kubernetes.ts';
import type { EnvironmentConfig } from '../config.ts';
import { leastIntake, lokiIntake } from '../sizing/loki-limits.ts';
import type { EnvironmentStack } from '../stack.ts';
import { type RulerOptions, rulerSection } from './loki-ruler.ts';
import { toYaml } from './yaml.ts';

/** `loki.yaml` of a single binary that keeps everything below `dataDir`. */
export function renderLoki(
  stack: Pick<EnvironmentStack, 'config' | 'timeScale' | 'urls'>,
  options: {
    readonly dataDir: string;
    readonly listen: {
      readonly host: string;
      readonly port: number;
      readonly grpcPort: number;
      /** Where it finds itself when `host` is every address; `host` by default. */
      readonly self?: string;
    };
    readonly ruler: RulerOptions;
  },
): string {
  const { host, port, grpcPort, self = host } = options.listen;
  return toYaml({
    auth_enabled: true,
    server: {
      http_listen_address: host,
      http_listen_port: port,
      grpc_listen_address: host,
      grpc_listen_port: grpcPort,
      // Loki logs a line a query at info, and its own lines come back to it through Promtail.
      log_level: 'warn',
      log_format: 'json',
      http_server_read_timeout: '60s',
      http_server_write_timeout: '60s',
      grpc_server_max_recv_msg_size: 16 * 1024 * 1024,
      grpc_server_max_send_msg_size: 16 * 1024 * 1024,
    },
    common: {
      instance_addr: self,
      path_prefix: options.dataDir,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: {
        filesystem: {
          chunks_directory: `${options.dataDir}/chunks`,
        },
      },
    },
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
    ingester: {
      // The default waits 15 s for other ingesters; here there is only one.
      lifecycler: { min_ready_duration: '0s' },
      wal: { flush_on_shutdown: true },
    },
    // Found at once; by the scheduler's ring, the default, the first query waits ten seconds for it.
    frontend_worker: { frontend_address: `${self}:${grpcPort}` },
    pattern_ingester: { enabled: true, lifecycler: { min_ready_duration: '0s' } },
    compactor: {
      working_directory: `${options.dataDir}/compactor`,
      retention_enabled: true,
      delete_request_store: 'filesystem',
    },
    limits_config: lokiLimits(stack.config),
    ruler: rulerSection(stack, { ...options.ruler, dataDir: options.dataDir }),
    analytics: { reporting_enabled: false },
  });
}

/** What Loki takes and keeps: on a cluster by its load, elsewhere the least of that. */
export const lokiLimits = ({ loki, kubernetes }: EnvironmentConfig) => ({
  retention_period: inHours(loki.retention),
  ...(kubernetes ? lokiIntake(loadOf(kubernetes)) : leastIntake),
  max_line_size: '256KB',
  // A rule that counts users groups by them first; past this its evaluation fails.
  max_query_series: 5000,
  allow_structured_metadata: true,
  volume_enabled: true,
  // Our lines carry their level and service; Loki's guesses would be a second truth.
  discover_log_levels: false,
  discover_service_name: [],
  otlp_config: { resource_attributes: { ignore_defaults: true } },
});

/** Loki refuses `d` and `w` in some keys; hours it takes everywhere. */
function inHours(duration: string): string {
  const hoursOf: Readonly<Record<string, number>> = { h: 1, d: 24, w: 168, y: 8760 };
  return `${Number.parseInt(duration, 10) * (hoursOf[duration.slice(-1)] ?? 1)}h`;
}
