import { expect, it } from 'vitest';
import { directionsOf } from './override-direction.ts';
import { type AlertOverride, overridden } from './overrides.ts';
import { ruleId } from './rule.ts';
import { allRules } from './rules/index.ts';

function directions(id: string, override: AlertOverride): readonly string[] {
  const declared = allRules.filter((rule) => ruleId(rule) === id);
  const [now] = overridden(declared, { thresholds: {}, overrides: { [id]: override } }, '2026-11-21');
  const [before] = declared;
  if (!now || !before) throw new Error(`no rule ${id}`);
  return [...directionsOf(now, before)];
}

it.each<[string, AlertOverride, readonly string[]]>([
  ['HostCpuHigh-warning', { thresholds: { host_cpu_warning: 0.9 } }, ['fewer']],
  ['HostCpuHigh-warning', { thresholds: { host_cpu_warning: 0.7 } }, ['more']],
  ['HostDiskFilling-warning', { thresholds: { disk_space_warning: 0.2 } }, ['more']],
  ['HostDiskFilling-warning', { thresholds: { disk_space_warning: 0.1 } }, ['fewer']],
  ['HostCpuHigh-warning', { for: '20m' }, ['fewer']],
  ['HostCpuHigh-warning', { for: '10m' }, ['more']],
  ['HostCpuHigh-warning', { keepFiringFor: '10m' }, ['more']],
  ['HostCpuHigh-warning', { for: '20m', thresholds: { host_cpu_warning: 0.7 } }, ['more', 'fewer']],
  ['HostCpuHigh-warning', { for: '15m', thresholds: { host_cpu_warning: 0.8 } }, []],
])('%s with %j fires in %j moments', (id, override, expected) => {
  expect(directions(id, override)).toEqual(expected);
});
