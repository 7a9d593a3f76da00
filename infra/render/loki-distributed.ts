import { lokiStore } from '../config/loki.ts';
import { type LokiTargetName, replicationFactor } from '../loki/targets.ts';
import type { EnvironmentStack } from '../stack.ts';
import { lokiLimits, serverSection } from './loki.ts';
import { type RulerOptions, rulerSection } from './loki-ruler.ts';
import { schemaSection, storageSections } from './loki-storage.ts';
import { toYaml } from './yaml.ts';

export interface DistributedLoki {
  readonly dataDir: string;
  readonly listen: {
    readonly host: string;
    readonly port: number;
    readonly grpcPort: number;
    readonly gossipPort: number;
  };
  readonly peers: {
    /** `host:port` of instances that a new one learns of the others from; a name may stand for all of them. */
    readonly members: readonly string[];
    /** `host:port` of each. */
    readonly compactor: { readonly http: string; readonly grpc: string };
    readonly querier: string;
    /** `host:port`, or `dns+host:port` of a name that stands for all of them. */
    readonly indexGateways: string;
    /** Memcached; without it answers are kept in the memory of each query-frontend alone. */
    readonly caches?: { readonly chunks: string; readonly results: string };
  };
  readonly ruler: RulerOptions;
  /** MB of lines that an ingester reads back from its log before it stores some of them. */
  readonly replayMemory: number;
}

/** `loki.yaml` of every target of a distributed Loki; what is an instance's own is in its flags. */
export function renderDistributedLoki(
  stack: Pick<EnvironmentStack, 'config' | 'timeScale' | 'urls'>,
  { dataDir, listen, peers, ruler, replayMemory }: DistributedLoki,
): string {
  const storage = storageSections(lokiStore(stack.config.loki), dataDir);
  return toYaml({
    auth_enabled: true,
    server: serverSection(listen),
    common: {
      path_prefix: dataDir,
      replication_factor: replicationFactor,
      // An instance that comes back owns what it owned.
      persist_tokens: true,
      compactor_address: `http://${peers.compactor.http}`,
      compactor_grpc_address: peers.compactor.grpc,
      ring: {
        kvstore: { store: 'memberlist' },
        // Six heartbeats missed: long enough for a busy node, short enough that queries soon leave a dead instance out.
        heartbeat_period: '5s',
        heartbeat_timeout: '30s',
      },
    },
    memberlist: {
      // Two clusters that reach each other must not become one.
      cluster_label: `sightline-${stack.config.cluster}`,
      bind_addr: [listen.host],
      bind_port: listen.gossipPort,
      advertise_port: listen.gossipPort,
      join_members: peers.members,
      // Instances may all begin at once, before any can be joined; and two halves that lost each other find back.
      abort_if_cluster_join_fails: false,
      max_join_retries: 30,
      min_join_backoff: '500ms',
      max_join_backoff: '5s',
      rejoin_interval: '60s',
      left_ingesters_timeout: '30s',
    },
    schema_config: schemaSection(storage.client),
    storage_config: {
      ...storage.storage_config,
      tsdb_shipper: { index_gateway_client: { server_address: peers.indexGateways } },
    },
    ingester: {
      lifecycler: { min_ready_duration: '0s', final_sleep: '0s' },
      // Less to store and to send than with gzip in time, a little more in bytes.
      chunk_encoding: 'snappy',
      wal: {
        enabled: true,
        dir: `${dataDir}/wal`,
        flush_on_shutdown: true,
        replay_memory_ceiling: `${replayMemory}MB`,
      },
    },
    // Patterns are of one copy of each line: Loki refuses to find them in more.
    pattern_ingester: {
      enabled: true,
      lifecycler: { min_ready_duration: '0s', final_sleep: '0s', ring: { replication_factor: 1 } },
    },
    query_scheduler: { use_scheduler_ring: true },
    // Each has the whole index: one is enough, where a ring of them needs two of three.
    index_gateway: { mode: 'simple' },
    frontend: { tail_proxy_url: `http://${peers.querier}`, log_queries_longer_than: '10s' },
    query_range: {
      cache_results: true,
      ...(peers.caches && { results_cache: { cache: memcached(peers.caches.results) } }),
    },
    ...(peers.caches && { chunk_store_config: { chunk_cache_config: memcached(peers.caches.chunks) } }),
    compactor: {
      working_directory: `${dataDir}/compactor`,
      retention_enabled: true,
      delete_request_store: storage.client,
    },
    limits_config: lokiLimits(stack.config),
    // Each rule is evaluated by one of the instances.
    ruler: { ...rulerSection(stack, { ...ruler, dataDir }), enable_sharding: true },
    analytics: { reporting_enabled: false },
  });
}

const memcached = (addresses: string) => ({
  memcached: { batch_size: 256, parallelism: 10 },
  memcached_client: { addresses, timeout: '500ms', consistent_hash: true },
});

/** What of an instance is its own: which target it is, and by which name and address others know it. */
export const instanceFlags = (
  target: LokiTargetName,
  { id, address }: { readonly id: string; readonly address: string },
): readonly string[] => [
  `-target=${target}`,
  `-common.storage.ring.instance-id=${id}`,
  `-common.storage.ring.instance-addr=${address}`,
  `-frontend.instance-addr=${address}`,
  `-memberlist.advertise-addr=${address}`,
];
