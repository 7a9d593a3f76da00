import { observed, restarting, type Samples, type Scenario } from '../scenario.ts';

const deployment = { cluster: 'local', environment: 'local' } as const;
const host = { instance: 'node-1:9100' } as const;
const disk = { ...host, device: '/dev/vda', device_error: '', fstype: 'ext4', mountpoint: '/data' } as const;
const space = (available: string, size: string): Samples => [
  observed('node_filesystem_avail_bytes', disk, available),
  observed('node_filesystem_size_bytes', disk, size),
];
const cpu = (mode: string, values: string): Samples[number] =>
  observed('node_cpu_seconds_total', { ...host, cpu: '0', mode }, values);

type Tier = 'critical' | 'warning';
const filling = (
  given: string,
  samples: Samples,
  at: Scenario['at'],
  tiers: readonly Tier[],
  every: Scenario['every'] = '15s',
): Scenario => ({
  family: 'HostDiskFilling',
  given,
  samples,
  every,
  at,
  firing: tiers.map((severity) => ({ severity, ...deployment, ...host, mountpoint: disk.mountpoint })),
});

/** Five hours with four percent left, and then a third of a thousandth less each minute. */
const begins = space('40x300 39.65-0.35x60', '1000x400');

export const hostEdges: readonly Scenario[] = [
  filling(
    'exactly the threshold is left, of a disk that shrinks',
    space('5000-10x200', '100000-200x200'),
    '20m',
    ['warning'],
  ),
  filling('nothing is left, and it stays so', space('0x200', '100000x200'), '20m', ['critical', 'warning']),
  filling('it begins to fill up: not yet', begins, '329m', ['warning'], '1m'),
  // The straight line through the last hour reaches 0 within four hours after 26 minutes.
  filling('it begins to fill up: now', begins, '333m', ['critical', 'warning'], '1m'),
  {
    family: 'HostCpuHigh',
    given: 'it idles, and restarts',
    samples: [cpu('idle', restarting(14)), cpu('user', restarting(1))],
    at: '20m',
    firing: [],
  },
];
