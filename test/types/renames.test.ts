import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AlertRule } from '../../alerts/rule.ts';
import { metricRules } from '../../alerts/rules/index.ts';
import { metrics } from '../../telemetry/contract/metrics.ts';
import { thresholds } from '../../telemetry/contract/thresholds.ts';
import type { MetricDefinition } from '../../telemetry/contract/types.ts';
import { copySources, repository, rulesOfCopy } from './compiled-copy.ts';

const contract = 'telemetry/contract';
const filesLike = (prefix: string): readonly string[] =>
  readdirSync(join(repository, contract))
    .filter((file) => file.startsWith(prefix) && file.endsWith('.ts'))
    .map((file) => `${contract}/${file}`);

const renameKeys = (text: string): string => text.replaceAll(/^ {2}(\w+): \{/gm, '  $1_renamed: {');

/** `file:line` of everything in the copied rules that the pattern finds. */
const linesWith = (pattern: RegExp): readonly string[] =>
  rulesOfCopy()
    .flatMap((file) =>
      readFileSync(join(repository, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
    )
    .sort();

it('a renamed metric or threshold is an error on every line of a rule that names it, and on no other', async () => {
  await using copy = await copySources();
  for (const file of [...filesLike('metrics-'), ...filesLike('thresholds')])
    await copy.edit(file, renameKeys);
  const names = [...Object.keys(metrics), ...Object.keys(thresholds)].join('|');
  const naming = linesWith(new RegExp(`'(${names})(_bucket|_sum|_count)?'`));
  expect(naming.length).toBeGreaterThan(60);
  expect((await copy.compile()).filter((place) => place.startsWith('alerts/'))).toEqual(naming);
});

const ours: Readonly<Record<string, MetricDefinition<string, string>>> = metrics;

/** Labels of our own metrics that a rule matches or is told apart by. */
function ownLabels({ expr, by }: AlertRule): readonly string[] {
  return expr.parts.flatMap((part) => {
    const metric = part.kind === 'series' ? ours[part.name.replace(/_(bucket|sum|count)$/, '')] : undefined;
    if (part.kind !== 'series' || !metric) return [];
    return [...by, ...part.matchers.map(([label]) => label)].filter((label) => metric.labels.includes(label));
  });
}

it('a renamed label is an error in every file with a rule that uses it, and in no other', async () => {
  await using copy = await copySources();
  await copy.edit(`${contract}/labels.ts`, (text) =>
    text.replace(/(?<=export const metricLabels = \{\n).*?(?=^\} as const)/ms, renameKeys),
  );
  for (const file of filesLike('metrics-'))
    await copy.edit(file, (text) =>
      text.replaceAll(
        /labels: \[(.*?)\]/g,
        (_, list: string) => `labels: [${list.replaceAll(/'(\w+)'/g, "'$1_renamed'")}]`,
      ),
    );
  const using = metricRules.filter((rule) => ownLabels(rule).length > 0).map(({ name }) => name);
  const expected = rulesOfCopy().filter((file) => {
    const text = readFileSync(join(repository, file), 'utf8');
    return file.startsWith('alerts/rules/') && using.some((name) => text.includes(`name: '${name}'`));
  });
  expect(expected.length).toBeGreaterThan(6);
  const failing = (await copy.compile()).map((place) => place.replace(/:\d+$/, ''));
  expect([...new Set(failing)].filter((file) => file.startsWith('alerts/rules/'))).toEqual(expected.sort());
});

it('a typo in a metric, a label, a value, a threshold and the like is an error on its line, and nothing else is', async () => {
  await using copy = await copySources();
  const fixture = readFileSync(join(import.meta.dirname, 'typos.ts.txt'), 'utf8');
  await copy.edit('alerts/rules/typos.ts', () => fixture);
  const typos = fixture
    .split('\n')
    .flatMap((line, index) => (line.endsWith('// typo') ? [`alerts/rules/typos.ts:${index + 1}`] : []));
  expect(typos).toHaveLength(14);
  expect(await copy.compile()).toEqual(typos.sort());
});
