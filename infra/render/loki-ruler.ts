import { datasources } from '../../telemetry/contract/links.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { scaleDuration } from '../../telemetry/query/scale-time.ts';
import type { EnvironmentStack } from '../stack.ts';

/** How often the ruler evaluates log rules, Loki's own default. */
export const rulerInterval: Duration = '1m';

export interface RulerOptions {
  /** Holds a folder a tenant, with its rule files. */
  readonly rulesDir: string;
  /** `host:port` that alerts are sent to. */
  readonly alertmanager: string;
}

/**
 * The `ruler` section of `loki.yaml`: rules from files, alerts to Alertmanager, results nowhere else. Loki has no
 * external labels: the deployment's labels are in the rules.
 */
export function rulerSection(
  { timeScale, urls }: Pick<EnvironmentStack, 'timeScale' | 'urls'>,
  { rulesDir, alertmanager, dataDir }: RulerOptions & { readonly dataDir: string },
): object {
  return {
    storage: { type: 'local', local: { directory: rulesDir } },
    rule_path: `${dataDir}/ruler`,
    wal: { dir: `${dataDir}/ruler-wal` },
    remote_write: { enabled: false },
    alertmanager_url: `http://${alertmanager}`,
    // Where an alert's source link leads.
    external_url: urls.explore,
    datasource_uid: datasources.loki.uid,
    evaluation_interval: scaleDuration(rulerInterval, timeScale),
    // Alertmanager forgets an alert that is not sent again within four times this.
    resend_delay: scaleDuration(rulerInterval, timeScale),
    enable_api: true,
  };
}
