import { leastDisks } from '../config/disks.ts';
import { isDistributed, type LokiKeys } from '../config/loki.ts';
import type { ClusterEnvironment } from '../config/names.ts';
import { becauseOf, type Size, type Sized, sized, sizeFor } from '../kubernetes/sizes.ts';
import { adviseOnTargets, type TargetAdvice, wholeLoki } from './distributed.ts';
import { daysOf, type Load, sizeOfBytes } from './load.ts';
import { type LokiIntake, lokiIntake } from './loki-limits.ts';
import { type Replicas, replicasIn } from './replicas.ts';
import { singleLokiBytesPerDay } from './storage.ts';

/** What is asked: an environment, what comes in, and how long it is kept. Durations as environment files have them. */
export interface Question {
  readonly environment: ClusterEnvironment;
  readonly load: Load;
  readonly scrapeInterval: string;
  readonly metricsRetention: string;
  readonly logRetention: string;
  readonly sloWindow: string;
  /** How Loki runs, and whether lines go to a bucket: its disk follows. */
  readonly loki: LokiKeys;
  /** Instances that its file says, of what has as many as it says. */
  readonly instances: Readonly<Partial<Record<Sized, number>>>;
  /** What the environment does not run. */
  readonly without: readonly Sized[];
}

export interface ContainerAdvice extends Size {
  readonly name: Sized;
  readonly instances: number | 'every node';
  readonly because: string;
}

export interface Advice {
  /** Keys of the environment's file, in its shape. */
  readonly file: ReturnType<typeof fileFor>;
  readonly containers: readonly ContainerAdvice[];
  /** In place of the container `loki`, where `loki.mode` is distributed. */
  readonly lokiTargets: readonly TargetAdvice[];
  /** What either Loki asks for in all. */
  readonly wholeLoki: ReturnType<typeof wholeLoki>;
  readonly lokiLimits: LokiIntake;
  /** What no size mends. */
  readonly warnings: readonly string[];
}

export const adviseOn = (question: Question): Advice => ({
  file: fileFor(question),
  containers: sized
    .filter((name) => !question.without.includes(name) && !(name === 'loki' && isDistributed(question.loki)))
    .map((name) => ({
      name,
      instances: instancesOf(name, question),
      ...sizeFor(name, question.load),
      because: becauseOf(name),
    })),
  lokiTargets: question.without.includes('loki') ? [] : adviseOnTargets(question.load),
  wholeLoki: wholeLoki(question.load),
  lokiLimits: lokiIntake(question.load),
  warnings: warningsOf(question),
});

function fileFor(question: Question) {
  const { load, scrapeInterval, metricsRetention, logRetention, loki } = question;
  const { retentionSize, lokiVolume } = leastDisks(
    {
      scrapeInterval,
      prometheus: { retentionTime: metricsRetention },
      loki: { retention: logRetention, storage: loki.storage },
    },
    load,
  );
  const replicas = replicasOf(question);
  return {
    prometheus: { retentionTime: metricsRetention, retentionSize },
    loki: { retention: logRetention },
    kubernetes: {
      load: {
        series: load.series,
        logsPerDay: sizeOfBytes(load.logBytesPerDay),
        services: load.services,
      },
      prometheus: { replicas: replicas.prometheus },
      alertmanager: { replicas: replicas.alertmanager },
      loki: { volume: lokiVolume },
      grafana: { replicas: replicas.grafana },
    },
  };
}

/** Of what is the cluster's own, one stands in the file and is of no account. */
function replicasOf({ environment, without }: Question): Replicas {
  const all = replicasIn[environment];
  const ours = (name: keyof Replicas): number => (without.includes(name) ? 1 : all[name]);
  return { prometheus: ours('prometheus'), alertmanager: ours('alertmanager'), grafana: ours('grafana') };
}

const onEveryNode: readonly Sized[] = ['promtail', 'alloy', 'node-exporter'];

function instancesOf(name: Sized, { environment, load, instances }: Question): ContainerAdvice['instances'] {
  const replicas: Readonly<Record<string, number>> = {
    ...replicasIn[environment],
    ...instances,
    service: load.services,
  };
  return onEveryNode.includes(name) ? 'every node' : (replicas[name] ?? 1);
}

function warningsOf(question: Question): readonly string[] {
  const { environment, load, metricsRetention, sloWindow, without, loki } = question;
  const single = !without.includes('loki') && !isDistributed(loki);
  const spare = (daysOf(metricsRetention) ?? 0) - (daysOf(sloWindow) ?? 0);
  return [
    ...(single && load.logBytesPerDay > singleLokiBytesPerDay
      ? [
          `One Loki is meant for about ${sizeOfBytes(singleLokiBytesPerDay)} a day (Loki, deployment modes): set loki.mode to distributed (docs/how-to/run-loki-distributed.md), or log less.`,
        ]
      : []),
    ...(spare < 2
      ? [
          `slo.window in ${environment} is ${sloWindow}: it must be two days shorter than ${metricsRetention}.`,
        ]
      : []),
    ...(replicasOf(question).grafana > 1
      ? ['More than one Grafana shares kubernetes.grafana.database, a PostgreSQL that you bring.']
      : []),
  ];
}
