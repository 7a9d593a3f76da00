import { describe, it } from 'vitest';
import { but, local as complete, expectRefusal } from './testing.ts';

describe('overrides of alerts in an environment file', () => {
  it.each<[string, string, key: string, said: string]>([
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
        'overrides:\n    HostCpuHigh-warning: { for: 20m }\n    HighErorRatio-warning: { for: 2m }',
      ),
      'HighErorRatio-warning',
      'alerts.overrides.HighErorRatio-warning: there is no such alert; nearest: HighErrorRatio-warning',
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
      but(complete, 'thresholds: {}', 'thresholds:\n  disk_space_warning: 0.04'),
      'disk_space_warning',
      'HostDiskFilling-warning would fire below 0.04, after HostDiskFilling-critical, which fires below 0.05',
    ],
  ])('with %s are refused, with line and key, what was given and what is allowed', (_, text, key, said) => {
    expectRefusal(text, key, said);
  });
});
