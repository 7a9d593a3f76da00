import { recorded } from '../telemetry/contract/recorded.ts';
import type { Problem } from '../telemetry/errors.ts';
import { renderQuery, type SeriesPart } from '../telemetry/query/query.ts';
import { resultLabels } from '../telemetry/query/result-labels.ts';
import { durationMs } from '../telemetry/query/scale-time.ts';
import type { RecordingGroup, RecordingRule } from './recording.ts';

/** https://prometheus.io/docs/practices/rules/: level:metric:operations */
const convention = /^[a-z][a-z_]*:[a-z][a-z_]*:[a-z][a-z0-9_]*$/;

/** Whether what is recorded is what is declared, in an order that works. Expressions are for `alerts/checks`. */
export function checkRecordings(groups: readonly RecordingGroup[]): readonly Problem[] {
  return [
    ...groups.flatMap(({ name, rules }) => [
      ...rules.flatMap(checkRecording),
      ...readTooEarly(rules).map((what) => problem(`recording group ${name}`, what, 'move the rule up')),
    ]),
    ...groupProblems(groups),
    ...unrecorded(groups),
  ];
}

const problem = (where: string, what: string, fix: string): Problem => ({ code: 'SL1538', where, what, fix });

function checkRecording({ record, expr, labels }: RecordingRule): Problem[] {
  const about = (what: string, fix: string): Problem =>
    problem(`recording rule ${record}${labels ? ` ${JSON.stringify(labels)}` : ''}`, what, fix);
  const kept = resultLabels(renderQuery(expr)).union(new Set(Object.keys(labels ?? {})));
  const declared = new Set<string>(recorded[record].labels);
  return [
    ...[...kept.symmetricDifference(declared)].map((label) =>
      about(
        declared.has(label)
          ? `it does not have the label ${label}, which is declared`
          : `it has the label ${label}, which is not declared`,
        'make the aggregation and telemetry/contract/recorded.ts the same',
      ),
    ),
    ...(convention.test(record)
      ? []
      : [about('its name is not level:metric:operations', 'rename it in telemetry/contract/recorded.ts')]),
  ];
}

/** A group is evaluated in order: what is read before it is recorded is an evaluation old. */
function readTooEarly(rules: readonly RecordingRule[]): readonly string[] {
  return rules.flatMap(({ record, expr }, index) =>
    expr.parts.flatMap((part) =>
      part.kind === 'series' && rules.slice(index + 1).some((later) => writes(later, part))
        ? [`${record} reads ${part.name}, which is recorded after it`]
        : [],
    ),
  );
}

/** Whether the selector may see what the rule records: not if it asks for another value of a label that is added. */
const writes = ({ record, labels = {} }: RecordingRule, { name, matchers }: SeriesPart): boolean =>
  name === record &&
  matchers.every(([label, { operator, value }]) => operator !== '=' || (labels[label] ?? value) === value);

function groupProblems(groups: readonly RecordingGroup[]): Problem[] {
  const shared = Object.entries(Object.groupBy(groups, ({ name }) => name)).filter(
    ([, same = []]) => same.length > 1,
  );
  const intervals = groups.filter(({ interval }) => interval !== undefined && !durationMs(interval));
  return [
    ...shared.map(([name]) =>
      problem(`recording group ${name}`, 'its name is used twice', 'rename one of the groups'),
    ),
    ...intervals.map(({ name, interval }) =>
      problem(`recording group ${name}`, `${interval} is no interval`, 'write a duration such as 1m'),
    ),
  ];
}

/** Declared series that nothing writes: whatever selects them would be empty for ever. */
function unrecorded(groups: readonly RecordingGroup[]): Problem[] {
  const written = new Set<string>(groups.flatMap(({ rules }) => rules.map(({ record }) => record)));
  return Object.keys(recorded)
    .filter((name) => !written.has(name))
    .map((name) =>
      problem(
        `recorded series ${name}`,
        'it is declared, and no rule records it',
        'record it, or remove it from telemetry/contract/recorded.ts',
      ),
    );
}
