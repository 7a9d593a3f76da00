/** A cluster's size, by what it takes in; the figures are starting points, to be held against what is measured. */
export const sizeNames = ['small', 'medium', 'large'] as const;
export type SizeName = (typeof sizeNames)[number];

/** What a container is promised, and the memory at which it is ended. */
export interface Size {
  /** Cores, in Kubernetes' notation. */
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
}

const size = (cpu: string, memory: string, memoryLimit: string): Size => ({ cpu, memory, memoryLimit });

/** The same in every size: they do not grow with what is taken in. */
const constant = (each: Size): Readonly<Record<SizeName, Size>> => ({
  small: each,
  medium: each,
  large: each,
});

/**
 * small: a development cluster, up to 100,000 series and 5 GB of logs a day; medium: 500,000 and 50 GB; large: 2,000,000
 * and 200 GB. Prometheus is reckoned at 3 KiB of memory a series in its head, limits at half as much again.
 */
export const sizes = {
  prometheus: {
    small: size('200m', '512Mi', '1Gi'),
    medium: size('1', '2Gi', '3Gi'),
    large: size('4', '6Gi', '9Gi'),
  },
  loki: {
    small: size('200m', '512Mi', '1Gi'),
    medium: size('1', '2Gi', '4Gi'),
    large: size('4', '6Gi', '9Gi'),
  },
  promtail: {
    small: size('50m', '64Mi', '128Mi'),
    medium: size('100m', '128Mi', '256Mi'),
    large: size('500m', '256Mi', '512Mi'),
  },
  'kube-state-metrics': {
    small: size('20m', '64Mi', '128Mi'),
    medium: size('50m', '128Mi', '256Mi'),
    large: size('100m', '512Mi', '1Gi'),
  },
  alertmanager: constant(size('20m', '64Mi', '128Mi')),
  'node-exporter': constant(size('20m', '32Mi', '64Mi')),
  grafana: {
    small: size('100m', '256Mi', '512Mi'),
    medium: size('200m', '256Mi', '512Mi'),
    large: size('500m', '512Mi', '1Gi'),
  },
  service: {
    small: size('50m', '128Mi', '256Mi'),
    medium: size('200m', '192Mi', '384Mi'),
    large: size('500m', '256Mi', '512Mi'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<SizeName, Size>>>>;

/** No limit of CPU: a container at it is slowed down in every period while cores lie idle, and requests already share fairly. */
export const resources = ({ cpu, memory, memoryLimit }: Size) => ({
  requests: { cpu, memory },
  limits: { memory: memoryLimit },
});
