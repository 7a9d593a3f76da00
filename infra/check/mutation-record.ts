import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Mutant, mutantId } from '../../alerts/mutants/index.ts';
import type { Verdict } from '../../alerts/mutants/verdict.ts';
import type { Scenario } from '../../alerts/scenarios/scenario.ts';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { repositoryRoot } from '../repository.ts';

const share = { mutants: z.int(), killed: z.int() };

const schema = z.strictObject({
  /** Of the mutants and the scenarios: see `fingerprint`. */
  fingerprint: z.string(),
  rules: z.int(),
  scenarios: z.int(),
  ...share,
  operators: z.array(z.strictObject({ name: z.string(), ...share })),
  /** Rule, operator and change. */
  survivors: z.array(z.string()),
});

/** What the last complete mutation check found. */
export type MutationRecord = z.infer<typeof schema>;

export const recordPath = 'infra/check/mutation-record.json';
const recordFile = join(repositoryRoot, recordPath);

/** Throws SL1518 when there is none that can be read. */
export function readMutationRecord(file = recordFile): MutationRecord {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new SightlineError('SL1518', {
      what: `the record of the mutation check cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: recordPath,
      fix: 'npm run check:mutants -- --record',
    });
  }
}

export function writeMutationRecord(record: MutationRecord): void {
  writeFileAtomically(recordFile, `${JSON.stringify(record, null, 2)}\n`, readableByAll);
}

export function mutationRecord(
  { total, operators, survivors }: Verdict,
  rules: number,
  mutants: readonly Mutant[],
  scenarios: readonly Scenario[],
): MutationRecord {
  const counted = ({ mutants: all, killed }: Verdict['total']) => ({ mutants: all, killed });
  return {
    fingerprint: fingerprint(mutants, scenarios),
    rules,
    scenarios: scenarios.length,
    ...counted(total),
    operators: operators.map((operator) => ({ name: operator.name, ...counted(operator) })),
    survivors: survivors.map(({ rule, operator, change }) => `${rule}: ${operator}: ${change}`),
  };
}

/** Changes with any rule, any operator and any scenario. */
export function fingerprint(mutants: readonly Mutant[], scenarios: readonly Scenario[]): string {
  const hash = createHash('sha256');
  for (const mutant of mutants) hash.update(JSON.stringify([mutantId(mutant), mutant.broken]));
  for (const scenario of scenarios) hash.update(JSON.stringify(scenario));
  return hash.digest('hex').slice(0, 16);
}
