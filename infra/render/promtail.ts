import { logPipeline } from '../../promtail/pipeline.ts';
import { promtailStages } from '../../promtail/render-promtail.ts';
import { discoveredLabels } from '../../telemetry/contract/relabelling.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import type { Stack } from '../stack.ts';
import { dockerDiscovery } from './container-logs.ts';
import type { LokiAccess } from './grafana/datasources.ts';
import { droppedLabels, podLogRelabelling, pushing } from './pod-logs.ts';
import { toYaml } from './yaml.ts';

/** Where lines come from. */
type Source =
  /** Files below `podsDir`, as the kubelet lays them out: `<namespace>_<pod>_<uid>/<container>/*.log`. */
  | {
      readonly podsDir: string;
      /** The instances of the stack as it knows them, or the pods of the node that HOSTNAME names, as the API server does. */
      readonly discovery?: 'static' | 'kubernetes';
    }
  /** Docker's API at this socket, of the containers that carry the stack's label. */
  | { readonly discovery: 'docker'; readonly socket: string; readonly stack: string };

/** `promtail.yaml` for a host. */
export function renderPromtail(
  stack: Stack,
  options: Source & {
    readonly positionsFile: string;
    readonly listen: { readonly host: string; readonly port: number };
    readonly loki?: LokiAccess;
  },
): string {
  const { tenant, basicAuth } = options.loki ?? { tenant: platformTenant };
  return toYaml({
    server: {
      http_listen_address: options.listen.host,
      http_listen_port: options.listen.port,
      grpc_listen_address: options.listen.host,
      // 0 takes a free port; nobody calls it.
      grpc_listen_port: 0,
      log_level: 'warn',
      log_format: 'json',
    },
    positions: { filename: options.positionsFile, sync_period: '2s' },
    clients: [
      {
        url: `${stack.urls.loki}/loki/api/v1/push`,
        tenant_id: tenant,
        ...(basicAuth && {
          basic_auth: { username: basicAuth.user, password_file: basicAuth.passwordFile },
        }),
        batchwait: pushing.batchWait,
        batchsize: pushing.batchBytes,
        timeout: pushing.timeout,
        backoff_config: {
          min_period: pushing.minBackoff,
          max_period: pushing.maxBackoff,
          max_retries: pushing.retries,
        },
      },
    ],
    limits_config: { max_line_size: '256KB', max_line_size_truncate: true },
    target_config: { sync_period: '1s' },
    global: { file_watch_config: { min_poll_frequency: '100ms', max_poll_frequency: '250ms' } },
    scrape_configs: [scrapeConfig(stack, options)],
  });
}

function scrapeConfig({ config, instances }: Stack, source: Source): object {
  if (source.discovery === 'docker')
    return { ...dockerDiscovery(config, source), pipeline_stages: pipelineStages('lines') };
  const isCluster = source.discovery === 'kubernetes';
  return {
    job_name: 'pods',
    ...(isCluster
      ? { kubernetes_sd_configs: [{ role: 'pod' }] }
      : {
          static_configs: instances.map(({ placement }) => ({
            targets: ['localhost'],
            labels: discoveredLabels(placement),
          })),
        }),
    relabel_configs: [...(isCluster ? [ownNode] : []), ...podLogRelabelling(config, source.podsDir)],
    pipeline_stages: pipelineStages(),
  };
}

/** Promtail leaves out what is on another host than its own. */
const ownNode = { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: '__host__' };

/**
 * From the container's line to a log entry, the same on every target; Docker's API gives the lines themselves, where
 * files have them as the kubelet wraps them.
 */
export const pipelineStages = (from: 'files' | 'lines' = 'files') => [
  ...promtailStages(logPipeline().filter(({ kind }) => from === 'files' || kind !== 'cri')),
  { labeldrop: [...droppedLabels] },
];
