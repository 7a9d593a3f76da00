import type { SloDefinition } from '../../telemetry/contract/slos.ts';
import { renderPart, series } from '../../telemetry/query/query.ts';
import { blindName } from '../slo/alerts.ts';
import { type Samples, type Scenario, subject } from './scenario.ts';
import { recordedSample } from './slo-samples.ts';

/** Sampled and evaluated this often: what it takes to see a day pass. */
const every = '5m';
/** Three hours of samples, and then none. */
const vanishes = ['12x36', '_x400'];
const goesOn = ['12x440'];

/** An SLO is blind when what it counts is gone; not before it ever was there, nor while its service is down anyway. */
export function blindScenarios({ id, service }: SloDefinition): readonly Scenario[] {
  const family = blindName(id);
  const counted = (values: readonly string[], slo = id) =>
    recordedSample({ id: slo, service }, 'slo:events:count5m', values);
  const up = (value: 0 | 1, where: Partial<ReturnType<typeof subject>> = {}): Samples[number] => [
    renderPart(series('service:up:max', { ...subject(service), ...where }), {}),
    `${value}x440`,
  ];
  const alert = { severity: 'warning', ...subject(service), slo: id } as const;
  const gone: Samples = [
    counted(vanishes),
    up(1),
    // Others that are down, each with one label different.
    up(0, { service: 'another' }),
    up(0, { namespace: 'another' }),
    [up(0)[0].replace('cluster="local"', 'cluster="another"'), '0x440'],
    [up(0)[0].replace('environment="local"', 'environment="dev"'), '0x440'],
  ];
  const about = (given: string, samples: Samples, at: Scenario['at'], fires = false): Scenario => ({
    family,
    given,
    samples,
    every,
    at,
    firing: fires ? [alert] : [],
  });
  return [
    about('it is still counted', gone, '180m'),
    about('nothing is counted, but not for long', gone, '190m'),
    about('nothing has been counted for ten minutes', gone, '195m', true),
    about('nothing has been counted for almost a day', gone, '1615m', true),
    about('nothing has been counted for a day: nobody looks at it any more', gone, '1620m'),
    about('the stack has just started', [counted(goesOn, 'another-slo'), up(1)], '30m'),
    about('the service is down, which another alert says', [counted(vanishes), up(0)], '200m'),
    about(
      'another SLO of the service is blind',
      [counted(goesOn), counted(vanishes, 'another-slo'), up(1)],
      '200m',
    ),
  ];
}
