import { discoveredLabels, targetRelabelling } from '../../telemetry/contract/relabelling.ts';
import { scaleDuration } from '../../telemetry/query/scale-time.ts';
import type { Stack } from '../stack.ts';
import { renderRemoteWrite } from './remote-write.ts';
import { toYaml } from './yaml.ts';

/** Samples that one target may expose before its scrape is refused; five times our largest service. */
export const sampleLimit = 20_000;

/** `prometheus.yml`. `alertmanager` is the `host:port` that alerts are sent to. */
export function renderPrometheus(
  stack: Stack,
  options: {
    readonly alertmanager: string;
    readonly ruleFiles: readonly string[];
    /** The file of the secret REMOTE_WRITE_SECRET. */
    readonly remoteWriteSecret: string;
  },
): string {
  const interval = scaleDuration(stack.config.scrapeInterval, stack.timeScale);
  const relabelling = targetRelabelling(stack.config);
  const { remoteWrite } = stack.config.prometheus;
  return toYaml({
    global: {
      scrape_interval: interval,
      scrape_timeout: interval,
      evaluation_interval: interval,
      external_labels: { cluster: stack.config.cluster, environment: stack.config.environment },
    },
    storage: { exemplars: { max_exemplars: 100_000 } },
    rule_files: options.ruleFiles,
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: [options.alertmanager] }] }],
    },
    ...(remoteWrite && { remote_write: [renderRemoteWrite(remoteWrite, options.remoteWriteSecret)] }),
    scrape_configs: [...Map.groupBy(scraped(stack), ({ job }) => job)].map(([job, instances]) => ({
      job_name: job,
      sample_limit: sampleLimit,
      static_configs: instances.map(({ address, placement }) => ({
        targets: [address],
        labels: discoveredLabels(placement),
      })),
      relabel_configs: relabelling,
    })),
  });
}

/** Several instances of one service are one job. */
const scraped = ({ instances }: Stack) =>
  instances.flatMap(({ placement, address, job = placement.service }) =>
    address === undefined ? [] : [{ placement, address, job }],
  );
