import { expect, it } from 'vitest';
import type { AnyAlertRule } from '../rule.ts';
import { rulesByDomain } from './index.ts';

it('rules name the service they are about, unless it would be an exporter', () => {
  const { hosts, kubernetes, kafka, ...ours } = rulesByDomain;
  const naming = (rules: readonly AnyAlertRule[]) => rules.filter(({ by }) => by.includes('service'));
  const about = Object.values(ours).flat();
  expect(about.filter((rule) => !naming(about).includes(rule)).map(({ name }) => name)).toEqual(['Watchdog']);
  expect(naming([...hosts, ...kubernetes, ...kafka])).toEqual([]);
});
