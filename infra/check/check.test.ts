import { expect, it } from 'vitest';
import type { Inhibition } from '../../alerts/routing.ts';
import { environmentStack } from '../environment.ts';
import { checkStack } from './check.ts';

const stack = environmentStack('local');
const named = (value: string): Inhibition['source'] => [{ label: 'alertname', operator: '=', value }];

/** What is said of the routing when one alert on log lines inhibits another by this label. */
async function complaintsWith(label: string): Promise<readonly string[]> {
  const inhibition: Inhibition = {
    source: named('PasswordGuessing'),
    target: named('CriticalLogged'),
    equal: [label],
  };
  const problems = await checkStack({
    ...stack,
    routing: { ...stack.routing, inhibitions: [...stack.routing.inhibitions, inhibition] },
  });
  return problems.filter(({ code }) => code === 'SL1520').map(({ what }) => what);
}

it('the routing is checked with the alerts on log lines too', async () => {
  expect(await complaintsWith('service')).toEqual([]);
  expect(await complaintsWith('consumergroup')).toEqual([
    'PasswordGuessing-warning does not carry the label consumergroup',
    'CriticalLogged-warning does not carry the label consumergroup',
  ]);
});
