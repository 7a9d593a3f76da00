import { loadOf } from '../config/kubernetes.ts';
import { lokiStore } from '../config/loki.ts';
import type { EnvironmentConfig } from '../config.ts';
import { leastIntake, lokiIntake } from '../sizing/loki-limits.ts';
import type { EnvironmentStack } from '../stack.ts';
import { type RulerOptions, rulerSection } from './loki-ruler.ts';
import { schemaSection, storageSections } from './loki-storage.ts';
import { toYaml } from './yaml.ts';

interface Listen {
  readonly host: string;
  readonly port: number;
  readonly grpcPort: number;
}

/** `loki.yaml` of a single binary that keeps everything below `dataDir`, or in the environment's bucket. */
export function renderLoki(
  stack: Pick<EnvironmentStack, 'config' | 'timeScale' | 'urls'>,
  options: {
    readonly dataDir: string;
    readonly listen: Listen & {
      /** Where it finds itself when `host` is every address; `host` by default. */
      readonly self?: string;
    };
    readonly ruler: RulerOptions;
  },
): string {
  const { host, grpcPort, self = host } = options.listen;
  const storage = storageSections(lokiStore(stack.config.loki), options.dataDir);
  return toYaml({
    auth_enabled: true,
    server: serverSection(options.listen),
    common: {
      instance_addr: self,
      path_prefix: options.dataDir,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      ...(storage.common && { storage: storage.common }),
    },
    schema_config: schemaSection(storage.client),
    ...(storage.storage_config && { storage_config: storage.storage_config }),
    ingester: {
      // The default waits 15 s for other ingesters; here there is only one.
      lifecycler: { min_ready_duration: '0s' },
      wal: { flush_on_shutdown: true },
    },
    // Found at once; by the scheduler's ring, the default, the first query waits ten seconds for it.
    frontend_worker: { frontend_address: `${self}:${grpcPort}` },
    // A query that has enough lines cancels its other parts, and each cancelled part takes a worker out for half a
    // second to five (`processorBackoffConfig` in Loki): of the four by default, often none was left.
    querier: { max_concurrent: 16 },
    pattern_ingester: { enabled: true, lifecycler: { min_ready_duration: '0s' } },
    compactor: {
      working_directory: `${options.dataDir}/compactor`,
      retention_enabled: true,
      delete_request_store: storage.client,
    },
    limits_config: lokiLimits(stack.config),
    ruler: rulerSection(stack, { ...options.ruler, dataDir: options.dataDir }),
    analytics: { reporting_enabled: false },
  });
}

export const serverSection = ({ host, port, grpcPort }: Listen) => ({
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
});

/** What Loki takes and keeps: on a cluster by its load, elsewhere the least of that. */
export const lokiLimits = ({ loki, kubernetes }: EnvironmentConfig) => ({
  retention_period: inHours(loki.retention),
  ...(kubernetes ? lokiIntake(loadOf(kubernetes)) : leastIntake),
  max_line_size: '256KB',
  // Promtail cuts what is longer, Alloy sends it: refused, the whole line would be lost.
  max_line_size_truncate: true,
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
