import { expect, it } from 'vitest';
import { elapsed } from './tool-states.ts';

it('says elapsed time shortly', () => {
  expect([0, 59_900, 72_000, 3_605_000].map(elapsed)).toEqual(['0s', '59s', '1m12s', '60m05s']);
});
