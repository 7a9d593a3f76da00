import { promql, series } from '../telemetry/query/query.ts';
import { matches, variable } from '../telemetry/query/series.ts';
import { firingAlerts, linksTo } from './navigation.ts';
import { inCluster, type PanelContext } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { anyIs } from './panels/visuals.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variablesOf } from './variables.ts';

const onTopic = { ...inCluster, topic: variable('topic') } as const;
const ofGroup = { ...onTopic, consumergroup: variable('consumergroup') } as const;
const lag = series('kafka_consumergroup_lag', ofGroup);
const offset = series('kafka_consumergroup_current_offset', ofGroup);
const underReplicated = series('kafka_topic_partition_under_replicated_partition', onTopic);
const brokers = series('kafka_brokers', inCluster);

/** Does Kafka keep what it is given, and do its readers keep up? */
export function kafka(context: PanelContext): DashboardSpec {
  return {
    uid: 'kafka',
    description:
      'Kafka as its exporter sees it: brokers, replicas, and how far consumer groups are behind. Empty where no Kafka runs. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'platform'],
    variables: variablesOf('kafka_consumergroup_lag', ['environment', 'cluster', 'topic', 'consumergroup']),
    annotations: [firingAlerts({ alertname: matches('Kafka.*'), ...inCluster })],
    links: linksTo('home', 'event-processing', 'dapr', 'kubernetes', 'alerts'),
    sections: [
      { title: 'At a glance', panels: glance(context) },
      { title: 'Consumer groups', panels: groups(context) },
      { title: 'Topics', panels: topics(context) },
    ],
  };
}

function glance(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  const quarter = { width: 6, unit: 'short' } as const;
  return [
    number({
      ...quarter,
      title: 'Brokers',
      description:
        'Brokers in the cluster. Fewer than yesterday: one is down, and its partitions have fewer replicas.',
      runbook: 'kafka-brokers-missing',
      color: 'blue',
      asks: [[promql`sum(max by (environment, cluster) (${brokers}))`, 'brokers']],
    }),
    number({
      ...quarter,
      title: 'Partitions short of replicas',
      description: 'Any: when one more broker fails, they refuse writes or lose messages.',
      runbook: 'kafka-under-replicated',
      steps: anyIs('red'),
      asks: [[promql`sum(${underReplicated})`, 'partitions']],
    }),
    number({
      ...quarter,
      title: 'Messages waiting',
      description: 'Over all groups and topics that are selected.',
      runbook: 'kafka-consumer-lag',
      limits: { warning: 'kafka_lag_warning' },
      asks: [[promql`sum(${lag})`, 'messages']],
    }),
    number({
      ...quarter,
      title: 'Read',
      description:
        'Messages a second that groups have read and committed. None while messages wait: the readers are stuck.',
      unit: 'ops',
      runbook: 'kafka-consumer-stuck',
      color: 'blue',
      // A committed offset is a gauge to its exporter, and goes back when a group is reset.
      asks: [[promql`sum(clamp_min(deriv(${offset}[$__rate_interval]), 0))`, 'messages']],
    }),
  ];
}

function groups(context: PanelContext): readonly PanelSpec[] {
  const { line, table } = panelKit(context);
  return [
    line({
      title: 'Lag by group and topic',
      description:
        'Messages behind the end of the topic. Rising without end: the group is too slow, or has stopped. A saw: it reads in batches.',
      unit: 'short',
      width: 12,
      runbook: 'kafka-consumer-lag',
      limits: { warning: 'kafka_lag_warning' },
      asks: [[promql`sum by (consumergroup, topic) (${lag})`, '{{consumergroup}} {{topic}}']],
    }),
    line({
      title: 'Reading rate by group and topic',
      description:
        'Messages a second committed. At zero with lag: stuck on a message, or without partitions; see the group’s logs.',
      unit: 'ops',
      width: 12,
      runbook: 'kafka-consumer-stuck',
      asks: [
        [
          promql`sum by (consumergroup, topic) (clamp_min(deriv(${offset}[$__rate_interval]), 0))`,
          '{{consumergroup}} {{topic}}',
        ],
      ],
    }),
    table({
      title: 'Partitions',
      description:
        'Lag of each partition. One alone: its reader is stuck, or one key gets most of the messages.',
      rows: { consumergroup: 'Group', topic: 'Topic', partition: 'Partition' },
      columns: [
        { title: 'Lag', unit: 'short', query: promql`sum by (consumergroup, topic, partition) (${lag})` },
        {
          title: 'Committed offset',
          unit: 'none',
          query: promql`max by (consumergroup, topic, partition) (${offset})`,
        },
      ],
      sortBy: 'Lag',
    }),
  ];
}

function topics(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Partitions short of replicas, by topic',
      description:
        'Above nothing for longer than a restart takes: a broker is down, or its disk or network cannot follow.',
      unit: 'short',
      width: 12,
      runbook: 'kafka-under-replicated',
      asks: [[promql`sum by (topic) (${underReplicated})`, '{{topic}}']],
    }),
    line({
      title: 'Brokers over time',
      description:
        'A step down is a broker that left. In a rolling restart each is away for a minute or two.',
      unit: 'short',
      width: 12,
      runbook: 'kafka-brokers-missing',
      asks: [[promql`max by (environment, cluster) (${brokers})`, '{{environment}} {{cluster}}']],
    }),
  ];
}
