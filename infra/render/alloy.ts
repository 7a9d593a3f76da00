import { type AlloyBlock, type AlloyValue, expression, writeAlloy } from '../../promtail/alloy-syntax.ts';
import { logPipeline } from '../../promtail/pipeline.ts';
import { alloyStages } from '../../promtail/render-alloy.ts';
import type { EnvironmentStack } from '../stack.ts';
import type { LokiAccess } from './grafana/datasources.ts';
import { droppedLabels, podLogRelabelling, pushing } from './pod-logs.ts';

/** `config.alloy` that does on a node of a cluster what `promtail.yaml` does there. */
export function renderAlloy(
  stack: EnvironmentStack,
  options: {
    readonly lokiUrl: string;
    readonly loki: LokiAccess;
    readonly podsDir: string;
    /** Where Promtail has kept how far it read: Alloy goes on from there. */
    readonly promtailPositions: string;
  },
): string {
  const { tenant, basicAuth } = options.loki;
  return writeAlloy([
    { name: 'logging', attributes: { level: 'warn', format: 'json' } },
    component('discovery.kubernetes', { role: 'pod' }, [
      {
        name: 'selectors',
        attributes: {
          role: 'pod',
          // Only of the node that it runs on, whose files it has.
          field: expression('"spec.nodeName=" + sys.env("HOSTNAME")'),
        },
      },
    ]),
    component(
      'discovery.relabel',
      { targets: expression(`discovery.kubernetes.${label}.targets`) },
      podLogRelabelling(stack.config, options.podsDir).map((rule) => ({
        name: 'rule',
        attributes: { ...rule },
      })),
    ),
    component('local.file_match', {
      path_targets: expression(`discovery.relabel.${label}.output`),
      sync_period: '1s',
    }),
    component(
      'loki.source.file',
      {
        targets: expression(`local.file_match.${label}.targets`),
        forward_to: [expression(`loki.process.${label}.receiver`)],
        legacy_positions_file: options.promtailPositions,
      },
      [{ name: 'file_watch', attributes: { min_poll_frequency: '100ms', max_poll_frequency: '250ms' } }],
    ),
    component('loki.process', { forward_to: [expression(`loki.write.${label}.receiver`)] }, [
      ...alloyStages(logPipeline()),
      { name: 'stage.label_drop', attributes: { values: droppedLabels } },
    ]),
    component('loki.write', {}, [
      {
        name: 'endpoint',
        attributes: {
          url: `${options.lokiUrl}/loki/api/v1/push`,
          tenant_id: tenant,
          batch_wait: pushing.batchWait,
          batch_size: `${pushing.batchBytes / 2 ** 20}MiB`,
          remote_timeout: pushing.timeout,
          min_backoff_period: pushing.minBackoff,
          max_backoff_period: pushing.maxBackoff,
          max_backoff_retries: pushing.retries,
        },
        blocks: basicAuth
          ? [
              {
                name: 'basic_auth',
                attributes: { username: basicAuth.user, password_file: basicAuth.passwordFile },
              },
            ]
          : [],
      },
    ]),
  ]);
}

/** There is one of each kind, all of the same name. */
const label = 'pods';

const component = (
  name: string,
  attributes: Readonly<Record<string, AlloyValue>>,
  blocks: readonly AlloyBlock[] = [],
): AlloyBlock => ({ name, label, attributes, blocks });
