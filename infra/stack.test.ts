import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPaging } from '../alerts/receivers.ts';
import { ruleId } from '../alerts/rule.ts';
import { checkStack } from './check/check.ts';
import { environmentNames } from './config/names.ts';
import { parseEnvironment, readEnvironment } from './config.ts';
import { buildEnvironment, type EnvironmentStack } from './stack.ts';

const urls = {
  prometheus: 'http://p',
  alertmanager: 'http://a',
  dashboards: 'http://g',
  explore: 'http://g',
  runbooks: 'http://r/{id}',
};
const staging = readFileSync(new URL('./environments/staging.yaml', import.meta.url), 'utf8');
const today = '2026-11-21';

/** Staging with these overrides, on a day. */
function stackWith(overrides: string, day = today): EnvironmentStack {
  const text = staging.replace('overrides: {}', `overrides: ${overrides}`);
  return buildEnvironment({ config: parseEnvironment(text, 'staging.yaml', today), urls, today: day });
}
const ids = ({ rules }: EnvironmentStack) => Object.values(rules).flat().map(ruleId);
const off = '{ HostCpuHigh-warning: { off: { reason: no agents here, until: 2026-12-31 } } }';

describe('the stack of an environment', () => {
  it.each(environmentNames)('pages a person in prod alone: %s', (name) => {
    const { routing } = buildEnvironment({ config: readEnvironment(name), urls, today });
    const paging = routing.receivers.flatMap(({ integrations }) => integrations.filter(isPaging));
    // The local inbox stands for PagerDuty; a key that reaches a person is refused there (infra/local/plan.test.ts).
    expect(paging.length > 0).toBe(name === 'prod' || name === 'local');
    const incidents = routing.receivers.find((receiver) => receiver.name === 'incidents');
    expect(incidents?.integrations).toContainEqual(expect.objectContaining({ channel: '#incidents' }));
  });

  it('has the rules with their overrides, and inhibits accordingly', () => {
    const stack = stackWith(
      '{ HostDiskFilling-critical: { off: { reason: x, until: 2026-12-31 } }, HostDiskFilling-warning: { for: 9m } }',
    );
    expect(stack.rules.hosts?.find(({ name }) => name === 'HostDiskFilling')?.for?.duration).toBe('9m');
    const inhibits = ({ routing }: EnvironmentStack) =>
      routing.inhibitions.some(({ source }) => source.some(({ value }) => value === 'HostDiskFilling'));
    expect(inhibits(stack)).toBe(false);
    expect(inhibits(stackWith('{}'))).toBe(true);
  });

  it('passes the checks with a threshold that one rule has alone, and with an alert off', async () => {
    const moved = stackWith('{ HostCpuHigh-warning: { thresholds: { host_cpu_warning: 0.93 } } }');
    const without = await checkStack(stackWith('{}'));
    expect(await checkStack(moved)).toEqual(without);
    const quiet = stackWith(off);
    expect(ids(quiet)).not.toContain('HostCpuHigh-warning');
    expect(quiet.off.map(ruleId)).toEqual(['HostCpuHigh-warning']);
    expect(await checkStack(quiet)).toEqual(without);
  });

  it('has an alert on again when its time is over, and the check says so', async () => {
    const expired = stackWith(off, '2027-01-01');
    expect(ids(expired)).toContain('HostCpuHigh-warning');
    expect(await checkStack(expired)).toContainEqual({
      code: 'SL1810',
      what: 'HostCpuHigh-warning was off until 2026-12-31 (no agents here); it is on again',
      where: 'environment staging, alerts.overrides.HostCpuHigh-warning.off',
      fix: 'remove `off`, or give a later date and today’s reason',
    });
  });
});
