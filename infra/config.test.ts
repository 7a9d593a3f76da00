import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEnvironment, readEnvironment, readEnvironmentName } from './config.ts';

const complete = readFileSync(new URL('./environments/local.yaml', import.meta.url), 'utf8');
const parse = (text: string): unknown => parseEnvironment(text, 'my.yaml');
const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return 'no error';
};

describe('an environment file', () => {
  it('of the repository is valid', () => {
    expect(readEnvironment('local').environment).toBe('local');
  });

  it.each([
    ['an unknown key', 'colour: red', 'SL1103', 'colour'],
    ['an unknown nested key', complete.replace('retentionSize', 'retentionsize'), 'SL1103', 'prometheus'],
    ['a wrong type', complete.replace('rate: 5', 'rate: fast'), 'SL1103', 'traffic.rate'],
    ['a rate out of bounds', complete.replace('rate: 5', 'rate: 100000'), 'SL1103', 'traffic.rate'],
    ['a duration without a unit', complete.replace('15s', '15'), 'SL1103', 'scrapeInterval'],
    [
      'a retention under a day',
      complete.replace('retention: 7d', 'retention: 5h'),
      'SL1103',
      'loki.retention',
    ],
    [
      'a retention in minutes',
      complete.replace('retention: 7d', 'retention: 90m'),
      'SL1103',
      'loki.retention',
    ],
    [
      'an unknown threshold',
      complete.replace('thresholds: {}', 'thresholds: { no_such: 1 }'),
      'SL1103',
      'no_such',
    ],
    [
      'a threshold out of its bounds',
      complete.replace('thresholds: {}', 'thresholds: { error_ratio_critical: 2 }'),
      'SL1103',
      'thresholds.error_ratio_critical',
    ],
    ['an empty file', '', 'SL1103', 'my.yaml'],
  ])('with %s is refused by name', (_, text, code, named) => {
    const message = failure(() => parse(text));
    expect(message).toContain(code);
    expect(message).toContain(named);
    expect(message).toContain('Fix:');
  });

  it('that is not YAML is refused with its line', () => {
    expect(failure(() => parse('environment: local\ncluster: [unclosed\n'))).toMatch(/SL1102 .*my\.yaml:\d/);
  });

  it('that cannot be read is named', () => {
    expect(failure(() => readEnvironment('local', '/no/such/file.yaml'))).toMatch(
      /SL1101 .*\/no\/such\/file\.yaml/,
    );
  });

  it('takes thresholds within their bounds', () => {
    const text = complete.replace('thresholds: {}', 'thresholds: { error_ratio_critical: 0.3 }');
    expect(parseEnvironment(text, 'my.yaml').thresholds.error_ratio_critical).toBe(0.3);
  });
});

it('refuses the name of an environment that is not there', () => {
  expect(failure(() => readEnvironmentName('production'))).toMatch(/SL1105 .*production.*use one of: local/);
});
