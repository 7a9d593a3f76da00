import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSloProof } from '../../alerts/scenarios/slo-promtool.ts';
import { type SloProof, sloProofs } from '../../alerts/scenarios/slo-recorded.ts';
import { buildSlos } from '../../alerts/slo/index.ts';
import { recordingGroups } from '../../infra/render/recordings.ts';
import { ruleGroups } from '../../infra/render/rules.ts';
import { toolPath } from '../support/tools.ts';

const run = promisify(execFile);
const options = {
  thresholds: {},
  timeScale: 1,
  cluster: 'local',
  environment: 'local',
  baseUrls: { dashboards: '', runbooks: '' },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'slos-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the proofs in one promtool, each with the rules of its SLO alone. Gives what promtool said. */
async function prove(proofs: readonly SloProof[], days: number): Promise<string> {
  const files = await Promise.all(
    proofs.map(async (proof, index) => {
      const { recordings, alerts } = buildSlos({ period: `${days}d`, retention: `${days + 2}d` }, [
        proof.slo,
      ]);
      const groups = [
        ...recordingGroups(recordings, options),
        ...ruleGroups({ alerts }, options).map(({ name, rules }) => ({
          name,
          rules: rules.map(({ annotations: _, ...rule }) => rule),
        })),
      ];
      const ruleFile = { name: `${days}-${index}.rules.json`, groups: groups.map(({ name }) => name) };
      await writeFile(path.join(directory, ruleFile.name), JSON.stringify({ groups }));
      const file = path.join(directory, `${days}-${index}.test.json`);
      await writeFile(file, renderSloProof(proof, ruleFile));
      return file;
    }),
  );
  const { stdout, stderr } = await run(await toolPath('promtool'), ['test', 'rules', ...files], {
    timeout: 120_000,
    env: { ...process.env, TMPDIR: directory },
  });
  return stdout + stderr;
}

describe('SLOs, from what services expose to alerts and error budgets', () => {
  it.each([7, 28])('over a period of %d days', async (days) => {
    expect(await prove(sloProofs(days), days)).toContain('SUCCESS');
  });

  it('fails on a wrong value, and on an alert that is not there', async () => {
    const [proof] = sloProofs(7);
    if (!proof) throw new Error('there is no proof');
    const value = { at: '85m', series: 'slo:errors:ratio5m', is: 0.001 } as const;
    await expect(prove([{ ...proof, burns: [], values: [value] }], 7)).rejects.toThrow(/failed/i);
    await expect(
      prove([{ ...proof, values: [], burns: [{ at: '85m', fire: ['critical'] }] }], 7),
    ).rejects.toThrow(/failed/i);
  });
});
