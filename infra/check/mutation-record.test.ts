import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mutantsOf } from '../../alerts/mutants/index.ts';
import { metricRules } from '../../alerts/rules/index.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import { fingerprint, readMutationRecord } from './mutation-record.ts';

const mutants = metricRules.filter(({ name }) => name === 'EventLagHigh').flatMap(mutantsOf);
const scenarios = allScenarios.filter(({ family }) => family === 'EventLagHigh');

it('a record is about exactly these mutants and scenarios', () => {
  const now = fingerprint(mutants, scenarios);
  const [first] = mutants;
  if (!first) throw new Error('EventLagHigh has no mutants');
  const broken = { ...first.broken, expr: `${first.broken.expr} + 1` };
  expect(fingerprint(mutants, scenarios)).toBe(now);
  expect(fingerprint(mutants.slice(1), scenarios)).not.toBe(now);
  expect(fingerprint([{ ...first, broken }, ...mutants.slice(1)], scenarios)).not.toBe(now);
  expect(fingerprint(mutants, scenarios.slice(1))).not.toBe(now);
});

it('a record that is missing or not understood is refused, with the command that makes one', () => {
  const dir = mkdtempSync(join(tmpdir(), 'record-'));
  try {
    const file = join(dir, 'record.json');
    const refused = expect.objectContaining({ code: 'SL1518', fix: expect.stringContaining('--record') });
    expect(() => readMutationRecord(file)).toThrow(refused);
    writeFileSync(file, '{"killed": "all"}');
    expect(() => readMutationRecord(file)).toThrow(refused);
  } finally {
    rmSync(dir, { recursive: true });
  }
  expect(readMutationRecord().killed).toBeGreaterThan(0);
});
