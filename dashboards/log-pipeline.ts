import { logql, promql, series, stream } from '../telemetry/query/query.ts';
import { matches } from '../telemetry/query/series.ts';
import { firingAlerts, linksTo } from './navigation.ts';
import { inNamespace, type PanelContext } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { canary, intake, queue, search, storing } from './panels/log-pipeline.ts';
import { lineList } from './panels/logs.ts';
import { quantileOf, rateOf } from './panels/queries.ts';
import { anyIs } from './panels/visuals.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variablesOf } from './variables.ts';

/** Does what is sent to the gateway get to Loki, how soon, and is anything lost? */
export function logPipeline(context: PanelContext): DashboardSpec {
  return {
    uid: 'log-pipeline',
    description:
      'The log pipeline: what comes in over HTTP, the queue, the way to Loki, searches, and what the canary sees of it all. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'platform'],
    variables: variablesOf('log_events_processed_total', ['environment', 'cluster', 'namespace'], {
      logs: true,
    }),
    annotations: [
      firingAlerts({
        alertname: matches('Log(Queue|Ingestor|Pushes|Entries|Dead|Batches|Canary|Gateway).*'),
        ...inNamespace,
      }),
    ],
    links: linksTo('home', 'slos', 'stack', 'kafka', 'alerts', 'logs'),
    sections: [
      { title: 'At a glance', panels: glance(context) },
      { title: 'Intake', panels: intake(context) },
      { title: 'Queue', panels: queue(context) },
      { title: 'To Loki', panels: storing(context) },
      { title: 'Searches', panels: search(context) },
      { title: 'Canary', panels: canary(context) },
      { title: 'Logs', panels: [warnings(context)] },
    ],
  };
}

function glance(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  return [
    number({
      title: 'Received',
      description:
        'Log entries a second over HTTP, valid or not. None at all: not even the canary gets through.',
      unit: 'ops',
      color: 'blue',
      asks: [[rateOf(series('log_events_received_total', inNamespace)), 'entries']],
    }),
    number({
      title: 'Stored',
      description:
        'Log entries a second that Loki has taken. For long below what is received: the queue grows.',
      unit: 'ops',
      color: 'blue',
      asks: [
        [
          rateOf(series('log_events_processed_total', { ...inNamespace, service: 'log-ingestor' })),
          'entries',
        ],
      ],
    }),
    number({
      title: 'Oldest waiting',
      description:
        'How long the oldest batch in the queue has waited. It is safe there, and cannot be found yet.',
      unit: 's',
      runbook: 'log-queue-ageing',
      limits: { warning: 'log_queue_age_warning' },
      asks: [[promql`max(${series('log_queue_oldest_age_seconds', inNamespace)})`, 'age']],
    }),
    number({
      title: 'Dead letters',
      description: 'Entries that Loki refused for what is in them. They wait for a person.',
      unit: 'short',
      runbook: 'log-dead-letters',
      steps: anyIs('red'),
      asks: [[promql`sum(${series('log_dead_letters', inNamespace)})`, 'entries']],
    }),
    number({
      title: 'From 202 to found, p95',
      description:
        'As the canary measures it: nineteen of twenty of its lines were found by a search sooner after their 202.',
      unit: 's',
      runbook: 'log-canary-late',
      color: 'blue',
      asks: [[quantileOf(0.95, series('log_canary_delay_seconds_bucket', inNamespace)), 'p95']],
    }),
    number({
      title: 'Lines missing',
      description:
        'Lines of the canary that were acknowledged and not found, in the time shown. Any: entries of others are lost the same way; act now.',
      unit: 'short',
      decimals: 0,
      runbook: 'log-canary-missing',
      steps: anyIs('red'),
      asks: [
        [
          promql`sum(increase(${series('log_canary_lines_total', { ...inNamespace, canary_verdict: 'missing' })}[$__range]))`,
          'lines',
        ],
      ],
    }),
  ];
}

const warnings = (context: PanelContext): PanelSpec =>
  lineList(
    {
      title: 'What the pipeline says',
      description:
        'Lines of the gateway, the ingestor and the canary at WARNING and above, the newest first. Their reasons name the organization, the batch or the status.',
      width: 24,
      height: 9,
    },
    logql`${stream({ ...inNamespace, service: matches('log-(gateway|ingestor|canary)'), level: matches('WARNING|ERROR|CRITICAL') })}`,
    context,
  );
