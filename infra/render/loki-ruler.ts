import { datasources } from '../../telemetry/contract/links.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { scaleDuration } from '../../telemetry/query/scale-time.ts';
import type { EnvironmentStack } from '../stack.ts';

/** How often the ruler evaluates log rules, Loki's own default. */
export const rulerInterval: Duration = '1m';

export interface RulerOptions {
  /** Holds a folder a tenant, with its rule files. */
  readonly rulesDir: string;
  /** `host:port` that alerts are sent to, or `_port._protocol.host`, a DNS service that names every replica. */
  readonly alertmanager: string;
  /** `host:port` of each Prometheus that keeps what fired, as `ALERTS` beside its own; by default nobody does. */
  readonly prometheuses?: readonly string[];
}

/** What Loki takes for a service whose SRV records it is to look up. */
const isService = (alertmanager: string): boolean => alertmanager.startsWith('_');

/**
 * The `ruler` section of `loki.yaml`: rules from files, alerts to Alertmanager, what fired to Prometheus. Loki has no
 * external labels: the deployment's labels are in the rules.
 */
export function rulerSection(
  { timeScale, urls }: Pick<EnvironmentStack, 'timeScale' | 'urls'>,
  { rulesDir, alertmanager, prometheuses = [], dataDir }: RulerOptions & { readonly dataDir: string },
): object {
  return {
    storage: { type: 'local', local: { directory: rulesDir } },
    rule_path: `${dataDir}/ruler`,
    wal: { dir: `${dataDir}/ruler-wal` },
    remote_write: remoteWrite(prometheuses),
    alertmanager_url: `http://${alertmanager}`,
    ...(isService(alertmanager) && { enable_alertmanager_discovery: true }),
    // Where an alert's source link leads.
    external_url: urls.explore,
    datasource_uid: datasources.loki.uid,
    evaluation_interval: scaleDuration(rulerInterval, timeScale),
    // Alertmanager forgets an alert that is not sent again within four times this.
    resend_delay: scaleDuration(rulerInterval, timeScale),
    enable_api: true,
  };
}

/** Each has a queue of its own: one that is down does not hold up the others. */
const remoteWrite = (prometheuses: readonly string[]): object =>
  prometheuses.length === 0
    ? { enabled: false }
    : {
        enabled: true,
        clients: Object.fromEntries(
          prometheuses.map((address, index) => [
            `prometheus-${index}`,
            { url: `http://${address}/api/v1/write` },
          ]),
        ),
      };
