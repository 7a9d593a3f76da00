import { expect, it } from 'vitest';
import { dropMatcher } from './drop-matcher.ts';

it.each<[string, readonly string[]]>([
  ['a', []],
  ['a{x="1"}', ['a{}']],
  [
    'a{x="1", y=~"2|3", z!="4"} / b{x="1"}',
    [
      'a{y=~"2|3", z!="4"} / b{x="1"}',
      'a{x="1", z!="4"} / b{x="1"}',
      'a{x="1", y=~"2|3"} / b{x="1"}',
      'a{x="1", y=~"2|3", z!="4"} / b{}',
    ],
  ],
  // The alert keeps s and not x.
  [
    'sum by (s) (a{s="1", x="2"}) / sum by (s) (b{s="1", x="2"})',
    [
      'sum by (s) (a{x="2"}) / sum by (s) (b{x="2"})',
      'sum by (s) (a{s="1"}) / sum by (s) (b{s="1", x="2"})',
      'sum by (s) (a{s="1", x="2"}) / sum by (s) (b{s="1"})',
    ],
  ],
  ['{"a.b", x="1"}', ['{"a.b"}']],
  ['{x="1"}', []],
])('takes each matcher away, the comma with it: %s', (expr, broken) => {
  expect(dropMatcher.mutate({ expr, for: '1m' }).map((mutation) => mutation.broken)).toEqual(
    broken.map((text) => ({ expr: text, for: '1m' })),
  );
});
