import { constant, counting, observed, proofOf, type Scenario } from './scenario.ts';

const about = { instance: 'node-1:9100' } as const;
const disk = { ...about, device: '/dev/vda', device_error: '', fstype: 'ext4', mountpoint: '/data' } as const;
const inMemory = { ...disk, device: 'tmpfs', fstype: 'tmpfs', mountpoint: '/run' } as const;
const gib = 1024 ** 3;

const cpu = (mode: string, perScrape: number) =>
  observed('node_cpu_seconds_total', { ...about, cpu: '0', mode }, counting(perScrape));
const memory = (availableGib: number) => [
  observed('node_memory_MemAvailable_bytes', about, constant(availableGib * gib)),
  observed('node_memory_MemTotal_bytes', about, constant(20 * gib)),
];
const killed = (values: string) => observed('node_vmstat_oom_kill', about, values);
const processes = (count: number) => observed('node_processes_pids', about, constant(count));
const space = (available: string, on: typeof disk | typeof inMemory = disk) => [
  observed('node_filesystem_avail_bytes', on, available),
  observed('node_filesystem_size_bytes', on, constant(100 * gib)),
];
const files = (free: number, on: typeof disk | typeof inMemory = disk) => [
  observed('node_filesystem_files_free', on, constant(free)),
  observed('node_filesystem_files', on, constant(1000)),
];
const mountpoint = disk.mountpoint;

export const hostScenarios: readonly Scenario[] = [
  ...proofOf({
    family: 'HostCpuHigh',
    about,
    above: ['it idles a tenth of the time', [cpu('idle', 1.5), cpu('user', 13.5)]],
    early: '14m',
    quiet: [
      ['it idles exactly a fifth of the time', [cpu('idle', 3), cpu('user', 12)]],
      ['it idles', [cpu('idle', 14), cpu('user', 1)]],
    ],
  }),
  ...proofOf({
    family: 'HostMemoryHigh',
    about,
    above: ['a twentieth is available', memory(1)],
    early: '4m',
    quiet: [
      ['exactly the threshold is', memory(3)],
      ['much is', memory(12)],
    ],
  }),
  ...proofOf({
    family: 'HostOomKills',
    about,
    above: ['a process was killed a few minutes ago', [killed('0x50 1x190')]],
    quiet: [
      ['one was killed long ago', [killed('0x20 1x220')]],
      ['the host restarted', [killed('7x60 0x180')]],
    ],
  }),
  ...proofOf({
    family: 'HostTooManyProcesses',
    about,
    above: ['twelve hundred run', [processes(1200)]],
    early: '4m',
    quiet: [['exactly a thousand run', [processes(1000)]]],
  }),
  {
    family: 'HostDiskFilling',
    given: 'the last gigabytes go within an hour',
    samples: space(`${4 * gib}-${gib / 60}x200`),
    at: '20m',
    firing: (['critical', 'warning'] as const).map((severity) => ({
      severity,
      cluster: 'local',
      environment: 'local',
      ...about,
      mountpoint,
    })),
  },
  {
    family: 'HostDiskFilling',
    given: 'the last gigabytes go, but not for long',
    samples: space(`${4 * gib}-${gib / 60}x200`),
    at: '4m',
    firing: [],
  },
  ...proofOf({
    family: 'HostDiskFilling',
    about: { ...about, mountpoint },
    above: ['a tenth is left', space(constant(10 * gib))],
    early: '9m',
    quiet: [
      ['exactly the threshold is left', space(constant(15 * gib))],
      ['a file system in memory is full', space(constant(0), inMemory)],
      ['one in memory fills up', space(`${4 * gib}-${gib / 60}x200`, inMemory)],
    ],
  }),
  ...proofOf({
    family: 'HostDiskFilling',
    about: { ...about, mountpoint },
    above: ['little is left, but it does not get less', space(constant(4 * gib))],
    quiet: [],
  }),
  ...proofOf({
    family: 'HostDiskFilling',
    about: { ...about, mountpoint },
    above: ['it fills up, with a while to go', space(`${8.5 * gib}-${gib / 60}x200`)],
    quiet: [],
  }),
  ...proofOf({
    family: 'HostInodesLow',
    about: { ...about, mountpoint },
    above: ['seven in a hundred are free', files(70)],
    early: '9m',
    quiet: [
      ['exactly a tenth is free', files(100)],
      ['a file system in memory has none', files(0, inMemory)],
    ],
  }),
];
