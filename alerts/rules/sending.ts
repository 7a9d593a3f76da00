import { promql, type SeriesPart, threshold } from '../../telemetry/query/query.ts';
import { shareOf } from './common.ts';

/**
 * When no Alertmanager takes the alerts of a sender without errors. The best of them counts: one that fails is no harm
 * while another takes the alerts.
 */
export const refusedByAll = <L extends string>(
  errors: SeriesPart<L | 'alertmanager'>,
  sent: SeriesPart<NoInfer<L | 'alertmanager'>>,
) =>
  ({
    severity: 'critical',
    expr: promql`
      min by (cluster, environment, namespace, service) (
        ${shareOf(errors, sent, 'alertmanager')}
      ) > ${threshold('alert_sending_error_ratio_critical')}`,
    for: { duration: '5m', because: 'an Alertmanager that restarts refuses a few, which are sent again' },
  }) as const;
