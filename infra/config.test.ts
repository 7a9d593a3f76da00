import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environmentNames } from './config/names.ts';
import { parseEnvironment, readEnvironment, readEnvironmentName } from './config.ts';

const textOf = (name: string): string =>
  readFileSync(new URL(`./environments/${name}.yaml`, import.meta.url), 'utf8');
const complete = textOf('local');
const prod = textOf('prod');
const parse = (text: string): unknown => parseEnvironment(text, 'my.yaml', '2026-11-21');
const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return 'no error';
};
const lineOf = (text: string, key: string): number =>
  text.split('\n').findIndex((line) => line.trim().startsWith(key)) + 1;

/** The text with one thing replaced, which must have been there. */
function but(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`no ${from} in the file`);
  return text.replace(from, to);
}

describe('an environment file', () => {
  it.each(environmentNames)('of the repository is valid: %s', (name) => {
    expect(readEnvironment(name).environment).toBe(name);
  });

  it('says what DESIGN says of each environment', () => {
    const table = environmentNames.map((name) => {
      const { prometheus, slo, loki, paging, cluster } = readEnvironment(name);
      return [cluster, prometheus.retentionTime, slo.window, loki.retention, paging];
    });
    expect(table).toEqual([
      ['local', '15d', '7d', '7d', 'inbox'],
      ['docker', '15d', '7d', '7d', 'none'],
      ['dev', '15d', '7d', '7d', 'none'],
      ['staging', '15d', '7d', '14d', 'none'],
      ['prod', '30d', '28d', '30d', 'pagerduty'],
    ]);
  });

  it.each<[string, string, key: string, said: string]>([
    ['an unknown key', `colour: red\n${complete}`, 'colour', 'there is no such key; allowed: environment, '],
    [
      'a misspelt key',
      but(complete, 'retentionSize', 'retentionsize'),
      'retentionsize',
      'there is no such key; nearest: retentionSize',
    ],
    [
      'a missing key',
      but(complete, '  window: 7d\n', '  # nothing\n'),
      'slo',
      'slo: given null; allowed: the keys',
    ],
    [
      'a missing nested key',
      but(complete, '  retentionSize: 2GB\n', ''),
      'prometheus',
      'prometheus.retentionSize: it is missing; allowed: a size such as 512MB or 2GB',
    ],
    [
      'a wrong type',
      but(complete, 'rate: 5', 'rate: fast'),
      'rate',
      'traffic.rate: given "fast"; allowed: a number from 0 to 1000',
    ],
    [
      'a number out of bounds',
      but(complete, 'rate: 5', 'rate: 100000'),
      'rate',
      'traffic.rate: given 100000; allowed: a number from 0 to 1000',
    ],
    [
      'a duration without a unit',
      but(complete, 'scrapeInterval: 15s', 'scrapeInterval: 15'),
      'scrapeInterval',
      'given 15; allowed: a Prometheus duration such as 15s',
    ],
    [
      'a duration of nothing',
      but(complete, 'retentionTime: 15d', 'retentionTime: 0d'),
      'retentionTime',
      'given "0d"; allowed: a Prometheus duration',
    ],
    [
      'an interval too long for the windows of rules',
      but(complete, 'scrapeInterval: 15s', 'scrapeInterval: 1m'),
      'scrapeInterval',
      'given "1m"; allowed: a Prometheus duration such as 15s, at most 30s',
    ],
    [
      'a retention under a day',
      but(complete, 'retention: 7d', 'retention: 90m'),
      'retention:',
      'loki.retention: given "90m"; allowed: a Prometheus duration such as 7d, at least 24h',
    ],
    [
      'a window of SLOs too close to the retention',
      but(complete, 'window: 7d', 'window: 14d'),
      'window',
      'slo.window: given "14d"; allowed: at least 2d shorter than prometheus.retentionTime, which is 15d',
    ],
    [
      'a cluster that is no label',
      but(complete, 'cluster: local', 'cluster: My_Cluster'),
      'cluster',
      'given "My_Cluster"; allowed: a DNS label',
    ],
    [
      'an environment that is none',
      but(complete, 'environment: local', 'environment: moon'),
      'environment',
      'given "moon"; allowed: one of local, docker, dev, staging, prod',
    ],
    [
      'a level that is none',
      but(complete, 'logLevel: INFO', 'logLevel: loud'),
      'logLevel',
      'services.logLevel: given "loud"; allowed: one of DEBUG, INFO',
    ],
    [
      'an unknown threshold',
      but(complete, 'thresholds: {}', 'thresholds: { error_ratio_critcal: 0.2 }'),
      'thresholds',
      'thresholds.error_ratio_critcal: there is no such key; nearest: error_ratio_critical',
    ],
    [
      'a threshold out of its bounds',
      but(complete, 'thresholds: {}', 'thresholds: { error_ratio_critical: 2 }'),
      'thresholds',
      'thresholds.error_ratio_critical: given 2; allowed: a number from 0.005 to 0.9',
    ],
    [
      'an address with a slash at the end',
      but(prod, 'grafana.prod.example.com\n', 'grafana.prod.example.com/\n'),
      'dashboards',
      'allowed: an http or https address without a slash at the end',
    ],
    [
      'a runbook address without a place for the name',
      but(prod, '/{id}', '/all'),
      'runbooks',
      'allowed: an http or https address with {id} in it once',
    ],
    [
      'no addresses',
      prod.replace(/urls:\n( .*\n)+/, ''),
      '# Production',
      'urls: it is missing; allowed: the addresses that people use',
    ],
    [
      'addresses that the local stack has from its ports',
      but(prod, 'environment: prod', 'environment: local'),
      'urls',
      'allowed: no such key in local',
    ],
    [
      'a page where nobody may be woken',
      but(prod, 'environment: prod', 'environment: staging'),
      'paging',
      'paging: given "pagerduty"; allowed: none: only prod pages a person',
    ],
    [
      'an inbox where there is none',
      but(prod, 'paging: pagerduty', 'paging: inbox'),
      'paging',
      'only the local stack has an inbox',
    ],
    [
      'an override that changes nothing',
      but(complete, 'overrides: {}', 'overrides: { HostCpuHigh-warning: {} }'),
      'overrides',
      'allowed: at least one of thresholds, for, keepFiringFor and off',
    ],
    [
      'an override that waits for no duration',
      but(complete, 'overrides: {}', 'overrides: { HostCpuHigh-warning: { for: soon } }'),
      'overrides',
      'alerts.overrides.HostCpuHigh-warning.for: given "soon"; allowed: a Prometheus duration',
    ],
    [
      'an alert off without a reason',
      but(
        complete,
        'overrides: {}',
        'overrides: { HostCpuHigh-warning: { off: { reason: " ", until: 2027-01-31 } } }',
      ),
      'overrides',
      'off.reason: given " "; allowed: a text that is not empty',
    ],
    [
      'an alert off until a day that does not exist',
      but(
        complete,
        'overrides: {}',
        'overrides: { HostCpuHigh-warning: { off: { reason: x, until: 2027-02-30 } } }',
      ),
      'overrides',
      'off.until: given "2027-02-30"; allowed: a date such as 2030-01-31',
    ],
    [
      'an override of an alert that is none',
      but(
        complete,
        'overrides: {}',
        'overrides:\n    HostCpuHigh-warning: { for: 20m }\n    HighErorRatio-critical: { for: 2m }',
      ),
      'HighErorRatio-critical',
      'alerts.overrides.HighErorRatio-critical: there is no such alert; nearest: HighErrorRatio-critical',
    ],
    [
      'an override of a threshold that the rule does not use',
      but(
        complete,
        'overrides: {}',
        'overrides:\n    HostCpuHigh-warning:\n      thresholds:\n        host_memory_warning: 0.9',
      ),
      'host_memory_warning',
      'the rule does not compare with it, but with host_cpu_warning',
    ],
    [
      'an override of a threshold that is none',
      but(
        complete,
        'overrides: {}',
        'overrides: { HostCpuHigh-warning: { thresholds: { host_cpu_warn: 0.9 } } }',
      ),
      'overrides',
      'HostCpuHigh-warning.thresholds.host_cpu_warn: there is no such key; nearest: host_cpu_warning',
    ],
    [
      'an override of a threshold out of its bounds',
      but(
        complete,
        'overrides: {}',
        'overrides: { HostCpuHigh-warning: { thresholds: { host_cpu_warning: 90 } } }',
      ),
      'overrides',
      'thresholds.host_cpu_warning: given 90; allowed: a number from 0.3 to 0.99',
    ],
    [
      'an alert off for years',
      but(
        complete,
        'overrides: {}',
        'overrides: { HostCpuHigh-warning: { off: { reason: x, until: 2030-01-31 } } }',
      ),
      'overrides',
      'off.until: given "2030-01-31"; allowed: a date up to 2027-11-21',
    ],
    [
      'thresholds that let tiers cross',
      but(complete, 'thresholds: {}', 'thresholds:\n  error_ratio_warning: 0.2'),
      'error_ratio_warning',
      'HighErrorRatio-warning would fire above 0.2, after HighErrorRatio-critical, which fires above 0.1',
    ],
  ])('with %s is refused, with line and key, what was given and what is allowed', (_, text, key, said) => {
    const message = failure(() => parse(text));
    expect(message).toContain('SL1103');
    expect(message).toContain(said);
    expect(message).toContain(`line ${lineOf(text, key)}, `);
    expect(message).toMatch(/\(my\.yaml:\d+\)/);
    expect(message).toContain('Fix:');
  });

  it('with several things wrong is told all of them, each with its line', () => {
    const text = but(but(complete, 'rate: 5', 'rate: fast'), 'cluster: local', 'cluster: A');
    expect(failure(() => parse(text))).toMatch(
      new RegExp(
        `line ${lineOf(text, 'cluster')}, cluster: .*; line ${lineOf(text, 'rate')}, traffic.rate: `,
      ),
    );
  });

  it.each(['', '- a list'])('that is no map is refused: "%s"', (text) => {
    expect(failure(() => parse(text))).toMatch(/SL1103 line 1, .*my\.yaml:1\)/);
  });

  it('that is not YAML is refused with its line', () => {
    expect(failure(() => parse('environment: local\ncluster: [unclosed\n'))).toMatch(/SL1102 .*my\.yaml:\d/);
  });

  it('that cannot be read is named', () => {
    expect(failure(() => readEnvironment('local', '/no/such/file.yaml'))).toMatch(
      /SL1101 .*\/no\/such\/file\.yaml/,
    );
  });

  it('about another environment than the one asked for is refused', () => {
    const file = new URL('./environments/prod.yaml', import.meta.url).pathname;
    expect(failure(() => readEnvironment('local', file))).toMatch(/SL1103 the file is about prod, and local/);
  });

  it('takes thresholds within their bounds', () => {
    const text = but(complete, 'thresholds: {}', 'thresholds: { error_ratio_critical: 0.3 }');
    expect(parseEnvironment(text, 'my.yaml').thresholds.error_ratio_critical).toBe(0.3);
  });
});

it('refuses the name of an environment that is not there', () => {
  expect(failure(() => readEnvironmentName('production'))).toMatch(/SL1105 .*production.*use one of: local/);
});
