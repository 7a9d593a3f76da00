import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricRules, rulesByDomain } from '../../alerts/rules/index.ts';
import { allScenarios } from '../../alerts/scenarios/index.ts';
import { renderTests, sharingSamples } from '../../alerts/scenarios/promtool.ts';
import { everydaySlos } from '../../alerts/slo/index.ts';
import { type RuleOptions, renderRules } from '../../infra/render/rules.ts';
import { toolPath } from '../support/tools.ts';

const run = promisify(execFile);

const { recordings } = everydaySlos;
const recordingCount = recordings.flatMap(({ rules }) => rules).length;

const options: RuleOptions = {
  thresholds: {},
  timeScale: 1,
  cluster: 'local',
  environment: 'local',
  baseUrls: {
    dashboards: 'http://127.0.0.1:3001',
    explore: 'http://127.0.0.1:3000',
    runbooks: 'http://127.0.0.1:3002/runbooks/{id}',
  },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'alerts-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const full = path.join(directory, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, text);
  return full;
}

/** Output of a tool that succeeded; a failing one throws with what it said. */
async function tool(name: 'promtool' | 'amtool', ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(await toolPath(name), args, { timeout: 60_000 });
  return stdout + stderr;
}

describe('promtool', () => {
  it.each([1, 10])('accepts the rules, time divided by %d', async (timeScale) => {
    const rules = await file(
      `rules-${timeScale}.yml`,
      renderRules(rulesByDomain, { ...options, timeScale }, recordings),
    );
    expect(await tool('promtool', 'check', 'rules', '--lint=all', '--lint-fatal', rules)).toContain(
      `${metricRules.length + recordingCount} rules found`,
    );
  });

  it('fills in the texts and links of an alert', async () => {
    await file('rules.yml', renderRules(rulesByDomain, options, recordings));
    const scenario = allScenarios.find(({ family, firing }) => family === 'ServiceDown' && firing.length > 0);
    if (!scenario) throw new Error('no scenario has a service down');
    const asked = [{ alert: scenario.family, severities: ['warning'] }] as const;
    const annotated = renderTests(sharingSamples([scenario]), asked, 'rules.yml');
    const failure = await tool('promtool', 'test', 'rules', await file('annotated.yml', annotated)).catch(
      (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
    );
    // The scenario expects no annotations, so promtool prints those that the alert really has.
    expect(failure).toContain('summary="audit is down"');
    expect(failure).toContain('runbook_url="http://127.0.0.1:3002/runbooks/service-down"');
    expect(failure).toContain(
      'dashboard_url="http://127.0.0.1:3001/d/service-overview?var-environment=local&var-cluster=local&var-service=audit&from=now-1h&to=now"',
    );
    expect(failure).toContain('%7Bservice%3D%5C%22audit%5C%22%7D');
  });
});
