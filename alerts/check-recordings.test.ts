import { describe, expect, it } from 'vitest';
import { type PromqlQuery, promql, series } from '../telemetry/query/query.ts';
import { checkRecordings } from './check-recordings.ts';
import type { RecordingGroup, RecordingRule } from './recording.ts';
import { buildSlos } from './slo/index.ts';

const groups = buildSlos({ period: '7d', retention: '15d' }).recordings;

const complaints = (...all: readonly RecordingGroup[]): readonly string[] =>
  checkRecordings(all).map(({ where, what }) => `${where}: ${what}`);

/** Our own groups with one rule more at the end of the first. */
function withRule(rule: RecordingRule): readonly string[] {
  const [first, ...rest] = groups;
  if (!first) throw new Error('nothing is recorded');
  return complaints({ ...first, rules: [...first.rules, rule] }, ...rest);
}
const attainment = (expr: PromqlQuery): RecordingRule => ({ record: 'slo:attainment:ratio_period', expr });

describe('our recording rules', () => {
  it('have nothing to complain about, whatever the period', () => {
    expect(checkRecordings(groups)).toEqual([]);
    expect(checkRecordings(buildSlos({ period: '28d', retention: '30d' }).recordings)).toEqual([]);
  });
});

describe('a recording rule is refused by name', () => {
  const name = 'recording rule slo:attainment:ratio_period';
  it.each([
    [
      'labels that are lost',
      attainment(promql`sum by (service, slo) (${series('slo:errors:ratio1h')})`),
      `${name}: it does not have the label namespace, which is declared`,
    ],
    [
      'a label too many',
      { ...attainment(promql`1 - ${series('slo:errors:ratio1h')}`), labels: { tier: '1' } },
      `${name} {"tier":"1"}: it has the label tier, which is not declared`,
    ],
  ])('for %s', (_, rule, expected) => {
    expect(withRule(rule).join('\n')).toContain(expected);
  });

  it('when it is read before it is recorded', () => {
    const [first, ...rest] = groups;
    const reversed = { name: 'slo', rules: (first?.rules ?? []).toReversed() };
    expect(complaints(reversed, ...rest)).toContain(
      'recording group slo: slo:errors:ratio1h reads slo:events:count1h, which is recorded after it',
    );
  });

  it('when a group shares its name or has no proper interval, and when a declared series is never written', () => {
    const [first] = groups;
    if (!first) throw new Error('nothing is recorded');
    const found = complaints(first, { ...first, interval: '0s' });
    expect(found).toContain('recording group slo: its name is used twice');
    expect(found).toContain('recording group slo: 0s is no interval');
    expect(found).toContain(
      'recorded series slo:attainment:ratio_period: it is declared, and no rule records it',
    );
  });
});
