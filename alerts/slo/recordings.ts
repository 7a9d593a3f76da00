import { burnWindows } from '../../telemetry/contract/recorded.ts';
import { type PromqlQuery, promql, series } from '../../telemetry/query/query.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import type { RecordingGroup, RecordingRule } from '../recording.ts';
import { text } from '../rules/common.ts';
import { ownUp } from '../rules/up.ts';
import { countsOf } from './indicator.ts';
import type { SloPlan } from './plan.ts';

type LongWindow = (typeof burnWindows)[number] | '_period';

/** Windows that page: evaluated as often as everything. The others change slowly, and are long to add up. */
const quick: readonly LongWindow[] = ['30m', '1h', '2h', '6h'];

/**
 * Everything that is recorded about SLOs of one period: the counts of each in five minutes, and from those, for all
 * SLOs at once, the counts and shares of longer windows. So a month is added up from one series for each SLO and
 * service, not from every series of the service.
 */
export function sloRecordings(plans: readonly SloPlan[]): readonly RecordingGroup[] {
  const [first] = plans;
  if (!first) return [];
  const window = (name: LongWindow): Duration => (name === '_period' ? first.period : name);
  const slow = [...burnWindows, '_period' as const].filter((name) => !quick.includes(name));
  return [
    {
      name: 'slo',
      rules: [
        serviceUp,
        ...plans.flatMap(countRules),
        { record: 'slo:errors:ratio5m', expr: ratio('slo:bad_events:count5m', 'slo:events:count5m') },
        ...quick.flatMap((name) => windowRules(name, window(name), '1m')),
      ],
    },
    {
      name: 'slo-long',
      interval: '1m',
      rules: [
        ...plans.map(objectiveRule),
        ...slow.flatMap((name) => windowRules(name, window(name), '5m')),
        ...periodRules,
      ],
    },
  ];
}

/** Every SLO's alert that it is blind reads this. */
const serviceUp: RecordingRule = {
  record: 'service:up:max',
  expr: promql`max by (cluster, environment, namespace, service) (${series('up', ownUp)})`,
};

function countRules({ slo }: SloPlan): readonly RecordingRule[] {
  const { events, bad } = countsOf(slo);
  const labels = { slo: slo.id };
  return [
    { record: 'slo:events:count5m', expr: events, labels },
    { record: 'slo:bad_events:count5m', expr: bad, labels },
  ];
}

const objectiveRule = ({ slo }: SloPlan): RecordingRule => ({
  record: 'slo:objective:ratio',
  expr: promql`vector(${text(String(slo.objective))})`,
  labels: { slo: slo.id },
});

/** Counts of five minutes, taken every `step`, added up: as many times too much as the step goes into five minutes. */
function windowRules(name: LongWindow, window: Duration, step: '1m' | '5m'): readonly RecordingRule[] {
  const overlap = text(step === '1m' ? ' / 5' : '');
  const sum = (counts: 'slo:events:count5m' | 'slo:bad_events:count5m'): PromqlQuery =>
    promql`sum_over_time(${series(counts)}[${text(`${window}:${step}`)}])${overlap}`;
  return [
    { record: `slo:events:count${name}`, expr: sum('slo:events:count5m') },
    { record: `slo:bad_events:count${name}`, expr: sum('slo:bad_events:count5m') },
    {
      record: `slo:errors:ratio${name}`,
      expr: ratio(`slo:bad_events:count${name}`, `slo:events:count${name}`),
    },
  ];
}

/** Absent, rather than not a number, where nothing happened. */
const ratio = (
  bad: 'slo:bad_events:count5m' | `slo:bad_events:count${LongWindow}`,
  events: 'slo:events:count5m' | `slo:events:count${LongWindow}`,
): PromqlQuery => promql`${series(bad)} / (${series(events)} > 0)`;

const periodErrors = series('slo:errors:ratio_period');

const periodRules: readonly RecordingRule[] = [
  { record: 'slo:attainment:ratio_period', expr: promql`1 - ${periodErrors}` },
  {
    record: 'slo:error_budget_remaining:ratio_period',
    expr: promql`1 - ${periodErrors} / on (slo) group_left () (1 - ${series('slo:objective:ratio')})`,
    allow: [
      {
        check: 'division-by-absent',
        because: 'the objective is recorded beside it, and the contract keeps it between 0 and 1',
        until: '2027-10-31',
      },
    ],
  },
];
