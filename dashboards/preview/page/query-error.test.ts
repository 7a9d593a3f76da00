import { expect, it } from 'vitest';
import { errorExcerpt, errorPlace } from './query-error.ts';

it.each([
  ['invalid parameter "query": 1:8: parse error: unexpected end of input', { line: 1, column: 8 }],
  ['parse error at line 2, col 5: syntax error: unexpected IDENTIFIER', { line: 2, column: 5 }],
  ['query timed out', undefined],
])('the place of “%s”', (message, place) => {
  expect(errorPlace(message)).toEqual(place);
});

it('is shown in its line, and behind the end where the query stops too soon', () => {
  expect(errorExcerpt('sum(\nup by x)', { line: 2, column: 4 })).toEqual({
    before: 'up ',
    at: 'b',
    after: 'y x)',
  });
  expect(errorExcerpt('sum by (', { line: 1, column: 9 })).toEqual({
    before: 'sum by (',
    at: '␣',
    after: '',
  });
});
