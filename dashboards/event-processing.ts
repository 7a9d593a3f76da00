import { logql, promql, series } from '../telemetry/query/query.ts';
import { oneOf } from '../telemetry/query/series.ts';
import { deployments, exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { inCluster, type PanelContext, selected, selectedStreams } from './panels/common.ts';
import { eventPanels } from './panels/events.ts';
import { panelKit } from './panels/kit.ts';
import { errorStreams, lineList } from './panels/logs.ts';
import { quantileOf, rateOf, shareOf } from './panels/queries.ts';
import { anyIs } from './panels/visuals.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { serviceVariables } from './variables.ts';

const published = series('events_published_total', selected);
const unpublished = series('events_published_total', { ...selected, outcome: 'failure' });
const processed = series('events_processed_total', selected);
const unprocessed = series('events_processed_total', {
  ...selected,
  outcome: oneOf(['failure', 'retry', 'dead_letter']),
});
const lag = series('event_consumer_lag', selected);
const dead = series('event_dead_letters', selected);
const latency = series('event_latency_seconds_bucket', selected);

/** Do changes reach everybody who must know of them, and how late? */
export function eventProcessing(context: PanelContext): DashboardSpec {
  return {
    uid: 'event-processing',
    description:
      'Events from being published to being processed: rate, failures, latency, what waits and what was given up. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'events'],
    variables: serviceVariables(),
    annotations: [firingAlerts(selectedStreams), deployments(selectedStreams)],
    links: [...linksTo('home', 'service-overview', 'websocket', 'kafka', 'dapr', 'logs'), exploreLogs],
    sections: [
      { title: 'At a glance', panels: glance(context) },
      { title: 'Publishing', panels: publishing(context) },
      { title: 'Processing', panels: processing(context) },
      { title: 'By service', panels: eventPanels(context) },
      { title: 'Kafka', collapsed: true, panels: kafka(context) },
      { title: 'Logs', panels: logs(context) },
    ],
  };
}

function glance(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  return [
    number({
      title: 'Published',
      description:
        'Events a second handed to the bus. Nothing although people work: see what publishes them.',
      unit: 'ops',
      color: 'blue',
      asks: [[rateOf(published), 'published']],
    }),
    number({
      title: 'Processed',
      description:
        'Deliveries a second, retries included. Every event goes to several subscribers, so there are more of them than events published.',
      unit: 'ops',
      color: 'blue',
      asks: [[rateOf(processed), 'processed']],
    }),
    number({
      title: 'Not published',
      description:
        'Share of events that the bus did not take. Nobody learns of these changes until the outbox succeeds: look at the bus.',
      unit: 'percentunit',
      limits: { warning: 'event_publish_error_ratio_warning' },
      asks: [[shareOf(unpublished, published), 'failed']],
    }),
    number({
      title: 'Latency, p95',
      description: 'From publishing to the end of processing, over all that is selected.',
      unit: 's',
      limits: { warning: 'event_latency_p95_warning' },
      asks: [[quantileOf(0.95, latency), 'p95']],
    }),
    number({
      title: 'Waiting',
      description: 'Events published and not yet processed. Rising without end: see below which subscriber.',
      unit: 'short',
      limits: { warning: 'event_lag_warning' },
      asks: [[promql`sum(${lag})`, 'waiting']],
    }),
    number({
      title: 'Dead letters',
      savedQuery: 'dead-letters',
      description: 'Events given up after all retries. Each waits for a person.',
      unit: 'short',
      runbook: 'dead-letters',
      steps: anyIs('red'),
      asks: [[promql`sum(${dead})`, 'dead']],
    }),
  ];
}

function publishing(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Published by topic',
      description: 'Events a second. A topic at zero while the others go on: the service that publishes it.',
      unit: 'ops',
      width: 12,
      asks: [[rateOf(published, 'service', 'topic'), '{{service}} {{topic}}']],
    }),
    line({
      title: 'Publish errors by topic',
      savedQuery: 'event-publishing-errors',
      description:
        'Share of events that could not be handed to the bus. Above the dashed line other services miss changes: is the bus up, does it take this topic?',
      unit: 'percentunit',
      width: 12,
      runbook: 'event-publish-errors',
      limits: { warning: 'event_publish_error_ratio_warning' },
      asks: [[shareOf(unpublished, published, 'service', 'topic'), '{{service}} {{topic}}']],
    }),
  ];
}

function processing(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Processing rate by topic',
      description:
        'Deliveries a second, by subscriber. One that drops while events wait has stalled or become slow.',
      unit: 'ops',
      width: 12,
      runbook: 'event-processing-rate-dropped',
      asks: [[rateOf(processed, 'service', 'topic'), '{{service}} {{topic}}']],
    }),
    line({
      title: 'Processing errors by topic',
      savedQuery: 'dead-letters',
      description:
        'Share of deliveries that failed, retries included. Above the dashed line read the errors of the subscriber: what fails five times is given up.',
      unit: 'percentunit',
      width: 12,
      runbook: 'event-processing-errors',
      limits: { warning: 'event_processing_error_ratio_warning' },
      asks: [[shareOf(unprocessed, processed, 'service', 'topic'), '{{service}} {{topic}}']],
    }),
    line({
      title: 'Event latency by topic, p95',
      savedQuery: 'slow-consumers',
      description:
        'From publishing to processed. Above the dashed line people see changes late. After an outage it is high until the backlog is worked off.',
      unit: 's',
      width: 12,
      runbook: 'event-latency-high',
      limits: { warning: 'event_latency_p95_warning' },
      asks: [[quantileOf(0.95, latency, 'service', 'topic'), '{{service}} {{topic}}']],
    }),
    line({
      title: 'Time spent on a delivery, p95',
      description:
        'Without the waiting. Rises with the latency: the subscriber is slow. Stays while the latency rises: too few subscribers, or one event blocks the others.',
      unit: 's',
      width: 12,
      asks: [
        [
          quantileOf(0.95, series('event_processing_duration_seconds_bucket', selected), 'service', 'topic'),
          '{{service}} {{topic}}',
        ],
      ],
    }),
  ];
}

function kafka(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Kafka lag',
      allow: [
        { check: 'selection', because: 'its series have the namespace and service of the exporter of Kafka' },
      ],
      description:
        'Messages behind the end of each topic, by consumer group, as Kafka counts them. Empty where the bus is not Kafka. Rising: the group reads more slowly than is written, or has stopped.',
      unit: 'short',
      width: 24,
      runbook: 'kafka-consumer-lag',
      limits: { warning: 'kafka_lag_warning' },
      asks: [
        [
          promql`sum by (consumergroup, topic) (${series('kafka_consumergroup_lag', inCluster)})`,
          '{{consumergroup}} {{topic}}',
        ],
      ],
    }),
  ];
}

function logs(context: PanelContext): readonly PanelSpec[] {
  const about = {
    title: 'Errors of the services',
    savedQuery: 'error-bursts-by-pattern',
    description:
      'Lines at ERROR and CRITICAL, the newest first. Open one for the event and trace it is about.',
    width: 24,
    height: 10,
  };
  return [lineList(about, logql`${errorStreams}`, context)];
}
