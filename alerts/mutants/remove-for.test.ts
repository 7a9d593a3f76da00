import { expect, it } from 'vitest';
import type { Breakable } from './operator.ts';
import { removeFor } from './remove-for.ts';

it.each<[Breakable, readonly Breakable[]]>([
  [{ expr: 'up == 0', for: '5m' }, [{ expr: 'up == 0' }]],
  [{ expr: 'up == 0' }, []],
])('%j loses its waiting time', (rule, broken) => {
  expect(removeFor.mutate(rule).map((mutation) => mutation.broken)).toEqual(broken);
});
