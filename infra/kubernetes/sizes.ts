import type { Load } from '../sizing/load.ts';

/** What a container is promised, and the memory at which it is ended. */
export interface Size {
  /** Cores, in Kubernetes' notation. */
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
}

/** In cores and MiB. */
interface Need {
  readonly cores: number;
  readonly memory: number;
  /** Twice the memory by default. */
  readonly limit?: number;
}

/** Requests and the limit, rounded up. */
export const size = ({ cores, memory, limit = memory * 2 }: Need): Size => ({
  cpu: `${Math.ceil(cores * 1000)}m`,
  memory: `${Math.ceil(memory)}Mi`,
  memoryLimit: `${Math.ceil(Math.max(limit, memory))}Mi`,
});

const mebibyte = 2 ** 20;
/** MiB a second. */
const perSecond = (bytesPerDay: number): number => bytesPerDay / 86_400 / mebibyte;

interface Rule {
  /** Where the figures are from, or that they are ours. */
  readonly because: string;
  /** More load never gives less of anything. */
  readonly need: (load: Load) => Need;
}

/** What each container needs, by name; of two kinds there is one on every node. */
const rules = {
  prometheus: {
    because:
      'a core for 300,000 series and a limit of 2.5 GB for as many (Grafana Mimir, planning capacity, ingester); 3 kB of memory a series in the head (Robust Perception, why does Prometheus use so much RAM); 0.2 cores and 256 MiB for itself, ours',
    need: ({ series }) => ({
      cores: 0.2 + series / 300_000,
      memory: 256 + (series * 3000) / mebibyte,
      limit: 512 + (series * (2.5e9 / 300_000)) / mebibyte,
    }),
  },
  loki: {
    because:
      '38 cores and 59 GiB for 3 TB a day in all its parts (Loki, size the cluster, less than 100TB/month), in proportion; 0.2 cores and 512 MiB for itself, ours',
    need: ({ logBytesPerDay }) => ({
      cores: 0.2 + (38 * logBytesPerDay) / 3e12,
      memory: 512 + (59 * 1024 * logBytesPerDay) / 3e12,
    }),
  },
  promtail: {
    because:
      'a core and 120 MiB for 1 MiB of lines a second (Grafana Alloy, estimate resource usage); the busiest node writes a third of all, ours',
    need: ({ logBytesPerDay }) => ({
      cores: 0.05 + perSecond(logBytesPerDay) / 3,
      memory: 64 + (120 * perSecond(logBytesPerDay)) / 3,
    }),
  },
  alloy: {
    because:
      'a core and 120 MiB for 1 MiB of lines a second (Grafana Alloy, estimate resource usage); the busiest node writes a third of all, and twice as much for itself as Promtail, ours',
    need: ({ logBytesPerDay }) => ({
      cores: 0.1 + perSecond(logBytesPerDay) / 3,
      memory: 128 + (120 * perSecond(logBytesPerDay)) / 3,
    }),
  },
  'kube-state-metrics': {
    because:
      '0.1 cores and 250 MiB (kube-state-metrics, README, resource recommendation); more objects give more series, half a KiB for each, ours',
    need: ({ series }) => ({ cores: 0.1, memory: Math.max(250, (series * 512) / mebibyte) }),
  },
  'prometheus-operator': {
    because: '0.1 cores and 100 MiB, at most twice that (the bundle of its release)',
    need: () => ({ cores: 0.1, memory: 100 }),
  },
  alertmanager: {
    because: 'ours: it keeps alerts, silences and what was told, which no load here moves',
    need: () => ({ cores: 0.02, memory: 64 }),
  },
  'node-exporter': {
    because: 'ours: what it reads is the same on every node',
    need: () => ({ cores: 0.02, memory: 32 }),
  },
  jaeger: {
    because: 'ours: 20,000 traces in memory, of a development cluster, at 20 KiB each',
    need: () => ({ cores: 0.1, memory: 512 }),
  },
  'blackbox-exporter': {
    because: 'ours: it asks a dozen addresses in the time of a scrape',
    need: () => ({ cores: 0.02, memory: 32 }),
  },
  grafana: {
    because: '512 MB (Grafana, installation, hardware recommendations); cores by how many look at once, ours',
    need: () => ({ cores: 0.2, memory: 512 }),
  },
  service: {
    because: 'ours: one of the sample services, which beside its work writes a third of all lines',
    need: ({ logBytesPerDay }) => ({ cores: 0.1 + perSecond(logBytesPerDay) / 3, memory: 192 }),
  },
  'log-gateway': {
    because:
      'ours: bodies of 256 MB at once are its own limit, and three requests of the most values at once are judged',
    need: () => ({ cores: 0.5, memory: 384, limit: 1536 }),
  },
  'log-ingestor': {
    because: 'ours: 64 MB that it read ahead, as objects, and pushes of a megabyte',
    need: () => ({ cores: 0.25, memory: 320, limit: 768 }),
  },
  'log-canary': {
    because: 'ours: a line a second, and what it waits for',
    need: () => ({ cores: 0.02, memory: 96 }),
  },
  kafka: {
    because: 'ours: a heap of 256 MiB, as much again beside it, and the pages of what was written last',
    need: () => ({ cores: 0.2, memory: 640, limit: 1024 }),
  },
  'kafka-exporter': {
    because: 'ours: it asks the brokers once a scrape',
    need: () => ({ cores: 0.02, memory: 128 }),
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type Sized = keyof typeof rules;

export const sized = Object.keys(rules) as readonly Sized[];

/** What a container needs for a load. */
export const needFor = (name: Sized, load: Load): Need => rules[name].need(load);

/** Requests and the limit of a container for a load. */
export const sizeFor = (name: Sized, load: Load): Size => size(needFor(name, load));

/** Why a container gets what it gets. */
export const becauseOf = (name: Sized): string => rules[name].because;

/** No limit of CPU: a container at it is slowed down in every period while cores lie idle, and requests already share fairly. */
export const resources = ({ cpu, memory, memoryLimit }: Size) => ({
  requests: { cpu, memory },
  limits: { memory: memoryLimit },
});
