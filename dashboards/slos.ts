import { promql, type SeriesPart, series } from '../telemetry/query/query.ts';
import { matches, variable } from '../telemetry/query/series.ts';
import { firingAlerts, linksTo } from './navigation.ts';
import { type PanelContext, selectedStreams } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { anyIs, overspent } from './panels/visuals.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variablesOf } from './variables.ts';

const chosen = { ...selectedStreams, slo: variable('slo') } as const;
const attainment = series('slo:attainment:ratio_period', chosen);
const budget = series('slo:error_budget_remaining:ratio_period', chosen);
const objective = series('slo:objective:ratio');
const name = '{{service}}: {{slo}}';
/** Many lines with long names want room. */
const wide = { width: 12, height: 9 } as const;

/** Times the rate that would use the budget up exactly at the end of the period. */
const burnRate = (errors: SeriesPart) => promql`${errors} / on (slo) group_left () (1 - ${objective})`;

/** Are promises kept, and how long will they be? */
export function slos(context: PanelContext): DashboardSpec {
  return {
    uid: 'slos',
    description:
      'Service level objectives: what was promised, what was kept, how much of the error budget is left and how fast it is spent. The period is the environment’s. Generated: change it in dashboards/.',
    tags: ['sightline', 'slo'],
    variables: variablesOf('slo:events:count5m', ['environment', 'cluster', 'namespace', 'service', 'slo']),
    annotations: [firingAlerts({ ...selectedStreams, alertname: matches('.*(BurnRate|Blind)') })],
    links: linksTo('home', 'service-overview', 'event-processing', 'alerts'),
    sections: [
      { title: 'At a glance', panels: glance(context) },
      { title: 'Every objective', panels: overview(context) },
      { title: 'Over time', panels: course(context) },
      { title: 'Burn rates', panels: burning(context) },
    ],
  };
}

function glance(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  return [
    number({
      title: 'Kept',
      description: 'Objectives that are met over the period.',
      unit: 'short',
      width: 6,
      color: 'green',
      asks: [[promql`count(${budget} >= 0) or vector(0)`, 'kept']],
    }),
    number({
      title: 'Broken',
      description:
        'Objectives whose error budget is overspent. Find them in the table: until the budget is back, what is risky waits.',
      unit: 'short',
      width: 6,
      steps: anyIs('red'),
      asks: [[promql`count(${budget} < 0) or vector(0)`, 'broken']],
    }),
    number({
      title: 'Least budget left',
      description: 'Of the objective that is worst off; below nothing it is broken.',
      unit: 'percentunit',
      width: 6,
      decimals: 1,
      steps: overspent,
      asks: [[promql`min(${budget})`, 'left']],
    }),
    number({
      title: 'Highest burn rate, 1h',
      description: 'Over 1 the budget does not last for the period. Far over: see which service fails, now.',
      unit: 'short',
      width: 6,
      decimals: 1,
      steps: anyIs('orange'),
      asks: [[promql`max(${burnRate(series('slo:errors:ratio1h', chosen))})`, 'burn rate']],
    }),
  ];
}

const overview = (context: PanelContext): readonly PanelSpec[] => [
  panelKit(context).table({
    title: 'Objectives',
    description:
      'Promised and kept shares, what is left of the budget, and how fast it is spent. Sort by the burn rate for what goes wrong now, by the budget for what went wrong.',
    height: 13,
    runbook: 'slo-errors-burn-rate',
    rows: {
      environment: 'Environment',
      cluster: 'Cluster',
      namespace: 'Namespace',
      service: 'Service',
      slo: 'SLO',
    },
    columns: [
      { title: 'Kept', unit: 'percentunit', query: promql`${attainment}` },
      {
        title: 'Promised',
        unit: 'percentunit',
        query: promql`0 * ${attainment} + on (slo) group_left () ${objective}`,
      },
      { title: 'Budget left', unit: 'percentunit', query: promql`${budget}` },
      { title: 'Burn rate, 1h', unit: 'short', query: burnRate(series('slo:errors:ratio1h', chosen)) },
      { title: 'Burn rate, 6h', unit: 'short', query: burnRate(series('slo:errors:ratio6h', chosen)) },
      { title: 'Events, 1h', unit: 'short', query: promql`${series('slo:events:count1h', chosen)}` },
    ].map((column) => ({
      ...column,
      query: promql`sum by (environment, cluster, namespace, service, slo) (${column.query})`,
    })),
    sortBy: 'Burn rate, 1h',
  }),
];

function course(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      ...wide,
      title: 'Error budget left',
      description:
        'Share of the period’s budget. A cliff is an incident, a slope a defect that nobody was called for. Below nothing the promise is broken.',
      unit: 'percentunit',
      negative: true,
      most: 1,
      asks: [[promql`${budget}`, name]],
    }),
    line({
      ...wide,
      title: 'Bad events, 5m',
      description:
        'Share of requests, health checks or events that count against the objective, as it happens.',
      unit: 'percentunit',
      asks: [[promql`${series('slo:errors:ratio5m', chosen)}`, name]],
    }),
    line({
      ...wide,
      title: 'Attainment',
      description: 'Share of good events over the period so far. Compare with what is promised in the table.',
      unit: 'percentunit',
      negative: true,
      most: 1,
      asks: [[promql`${attainment}`, name]],
    }),
    line({
      ...wide,
      title: 'Events in an hour',
      description:
        'Below the dashed line there are too few for an alert: a single failure would be a large share. A service that should have more has lost its traffic.',
      unit: 'short',
      runbook: 'slo-blind',
      limits: { warning: 'slo_minimum_events', below: true },
      asks: [[promql`${series('slo:events:count1h', chosen)}`, name]],
    }),
  ];
}

function burning(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const over = (window: '5m' | '1h' | '6h' | '3d', says: string): PanelSpec =>
    line({
      ...wide,
      title: `Burn rate, ${window}`,
      description: `Times the rate that uses the budget up exactly at the end of the period. ${says}`,
      unit: 'short',
      steps: anyIs('orange'),
      asks: [[burnRate(series(`slo:errors:ratio${window}`, chosen)), name]],
    });
  return [
    over('5m', 'This is now; it falls first when the trouble is over.'),
    over('1h', 'High here and in five minutes: somebody is paged. See what fails.'),
    over('6h', 'High here and in half an hour: slower, and just as surely.'),
    over('3d', 'Above the line for days: a defect to plan for, and no incident.'),
  ];
}
