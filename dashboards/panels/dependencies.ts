import { polledRoutes } from '../../telemetry/contract/routes.ts';
import { promql, series } from '../../telemetry/query/query.ts';
import { notMatches } from '../../telemetry/query/series.ts';
import type { PanelSpec } from '../spec.ts';
import { type PanelContext, selected } from './common.ts';
import { panelKit } from './kit.ts';
import { quantileOf, shareOf } from './queries.ts';

// A refused login is drawn beside the logins.
const withToken = { ...selected, http_route: notMatches([...polledRoutes, '/login'].join('|')) } as const;
const statements = 'db_client_operation_duration_seconds_count';

/** What services wait for: requests under way, their database, and whether tokens are accepted. */
export function dependencyPanels(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Requests under way',
      description:
        'Requests that a service works on at this moment. Above the dashed line they come in faster than they are answered: find what they wait for in the panels beside this one.',
      unit: 'short',
      width: 6,
      runbook: 'requests-pile-up',
      limits: { warning: 'active_requests_warning' },
      asks: [[promql`sum by (service) (${series('http_server_active_requests', selected)})`, '{{service}}']],
    }),
    line({
      title: 'Database latency, p95',
      savedQuery: 'database-errors',
      description:
        'Nineteen of twenty statements were faster. Above the dashed line every request that needs the database waits: look for a long transaction, a missing index, a busy disk.',
      unit: 's',
      width: 6,
      runbook: 'database-latency-high',
      limits: { warning: 'database_latency_p95_warning' },
      asks: [
        [
          quantileOf(0.95, series('db_client_operation_duration_seconds_bucket', selected), 'service'),
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'Database errors',
      savedQuery: 'database-errors',
      description:
        'Share of statements that failed. Read the errors of the service: locked, full, unreachable, or a statement that never worked?',
      unit: 'percentunit',
      width: 6,
      runbook: 'database-errors',
      limits: { warning: 'database_error_ratio_warning' },
      asks: [
        [
          shareOf(
            series(statements, { ...selected, outcome: 'failure' }),
            series(statements, selected),
            'service',
          ),
          '{{service}}',
        ],
      ],
    }),
    line({
      title: 'Refused with 401',
      description:
        'Share of requests whose token was not accepted, logins left out. A step after a deployment: the keys that sign and check differ. A slow rise: somebody tries tokens out.',
      unit: 'percentunit',
      width: 6,
      runbook: 'unauthorized-requests',
      limits: { warning: 'unauthorized_ratio_warning' },
      asks: [
        [
          shareOf(
            series('http_server_request_duration_seconds_count', {
              ...withToken,
              http_response_status_code: '401',
            }),
            series('http_server_request_duration_seconds_count', withToken),
            'service',
          ),
          '{{service}}',
        ],
      ],
    }),
  ];
}
