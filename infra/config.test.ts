import { describe, expect, it } from 'vitest';
import { environmentNames } from './config/names.ts';
import { but, local as complete, expectRefusal, failure, lineOf, parse, prod } from './config/testing.ts';
import { parseEnvironment, readEnvironment, readEnvironmentName } from './config.ts';

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
      but(complete, 'thresholds: {}', 'thresholds: { error_ratio_waning: 0.2 }'),
      'thresholds',
      'thresholds.error_ratio_waning: there is no such key; nearest: error_ratio_warning',
    ],
    [
      'a threshold out of its bounds',
      but(complete, 'thresholds: {}', 'thresholds: { error_ratio_warning: 2 }'),
      'thresholds',
      'thresholds.error_ratio_warning: given 2; allowed: a number from 0.001 to 0.5',
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
  ])('with %s is refused, with line and key, what was given and what is allowed', (_, text, key, said) => {
    expectRefusal(text, key, said);
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
    const text = but(complete, 'thresholds: {}', 'thresholds: { error_ratio_warning: 0.3 }');
    expect(parseEnvironment(text, 'my.yaml').thresholds.error_ratio_warning).toBe(0.3);
  });
});

it('refuses the name of an environment that is not there', () => {
  expect(failure(() => readEnvironmentName('production'))).toMatch(/SL1105 .*production.*use one of: local/);
});
