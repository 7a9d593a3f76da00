import { Command, Option } from 'commander';
import { type KubernetesConfig, loadOf } from '../../infra/config/kubernetes.ts';
import { isDistributed } from '../../infra/config/loki.ts';
import { type ClusterEnvironment, clusterEnvironments } from '../../infra/config/names.ts';
import { readEnvironment } from '../../infra/config.ts';
import { type Sized, sized } from '../../infra/kubernetes/sizes.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import { type Advice, adviseOn, type Question } from '../../infra/sizing/advice.ts';
import { bounds, bytesOf, daysOf } from '../../infra/sizing/load.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { textTable } from '../output/table.ts';

const examples = `
Examples:
  npm run size -- --logs-per-day 200GB --series 1e6 --retention 30d
  npm run size -- --logs-per-day 20GB --series 200000 --retention 15d --log-retention 14d --environment staging
  npm run size -- --environment prod               what the environment's own file says, reckoned again
  npm run size -- --series 1e6 --json              as JSON

What is not given is taken from the environment's file. The figures are starting points: hold them against
prometheus_tsdb_head_series, container_memory_working_set_bytes and loki_distributor_bytes_received_total.`;

interface Options {
  readonly environment: ClusterEnvironment;
  readonly logsPerDay?: string;
  readonly series?: string;
  readonly retention?: string;
  readonly logRetention?: string;
  readonly services?: string;
  readonly json?: boolean;
}

/** `size`: what a load needs, as keys of an environment file, with the reason of every figure. */
export function sizeCommand(): Command {
  return new Command('size')
    .option('--logs-per-day <size>', 'log lines of a day before compression, such as 500MB or 20GB')
    .option('--series <n>', 'active series, such as 200000 or 1e6')
    .option('--retention <duration>', 'how long metrics and log lines are kept, such as 30d')
    .option('--log-retention <duration>', 'how long log lines are kept, where it differs')
    .option('--services <n>', 'services that write logs and are scraped')
    .addOption(
      new Option('--environment <name>', 'whose file it is for').choices(clusterEnvironments).default('prod'),
    )
    .option('--json', 'as JSON')
    .addHelpText('after', examples)
    .action((options: Options) => {
      const question = questionOf(options);
      const advice = adviseOn(question);
      if (options.json) console.log(JSON.stringify({ question, ...advice }, null, 2));
      else print(question, advice);
    });
}

function questionOf(options: Options): Question {
  const { environment } = options;
  const { kubernetes, prometheus, loki, slo, scrapeInterval } = readEnvironment(environment);
  if (!kubernetes) throw new Error(`${environment} is no cluster`);
  const written = loadOf(kubernetes);
  const retention = options.retention && duration('--retention', options.retention);
  return {
    environment,
    load: {
      series: options.series === undefined ? written.series : whole('series', options.series),
      logBytesPerDay:
        options.logsPerDay === undefined ? written.logBytesPerDay : logBytes(options.logsPerDay),
      services: options.services === undefined ? written.services : whole('services', options.services),
    },
    scrapeInterval,
    metricsRetention: retention ?? prometheus.retentionTime,
    logRetention: options.logRetention
      ? duration('--log-retention', options.logRetention)
      : (retention ?? loki.retention),
    sloWindow: slo.window,
    loki: { mode: loki.mode, storage: loki.storage },
    instances: {
      'log-gateway': kubernetes.logPipeline.gateway.replicas,
      'log-ingestor': kubernetes.logPipeline.ingestor.replicas,
    },
    without: notOurs(kubernetes),
  };
}

/** What is the cluster's own, or not there at all. */
function notOurs({ agent, operator, traces, kafka, existing = {} }: KubernetesConfig): readonly Sized[] {
  const names: Readonly<Partial<Record<Sized, unknown>>> = {
    prometheus: existing.prometheus,
    alertmanager: existing.alertmanager,
    loki: existing.loki,
    grafana: existing.grafana,
    'kube-state-metrics': existing.kubeStateMetrics,
    'node-exporter': existing.nodeExporter,
    promtail: agent !== 'promtail',
    alloy: agent !== 'alloy',
    'prometheus-operator': operator === 'existing',
    jaeger: traces?.store !== 'jaeger',
    kafka: !kafka?.single,
    'kafka-exporter': !kafka,
  };
  return sized.filter((name) => names[name]);
}

const refuse = (option: string, given: string, allowed: string): SightlineError =>
  new SightlineError('SL1007', {
    what: `"${given}" is not usable: it must be ${allowed}`,
    where: option,
    fix: 'npm run size -- --help',
  });

function whole(name: 'series' | 'services', text: string): number {
  const { min, max } = bounds[name];
  const value = /^\d+(\.\d+)?(e\d)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw refuse(`--${name}`, text, `a whole number from ${min} to ${max}, such as 200000 or 1e6`);
}

function logBytes(text: string): number {
  const bytes = bytesOf(text) ?? 0;
  if (bytes >= bounds.logBytesPerDay.min && bytes <= bounds.logBytesPerDay.max) return bytes;
  throw refuse('--logs-per-day', text, 'a size in powers of ten from 1MB to 1TB, such as 500MB or 20GB');
}

function duration(option: string, text: string): string {
  const days = daysOf(text) ?? 0;
  if (days >= 1 && days <= 1000 && /^\d+[hdw]$/.test(text)) return text;
  throw refuse(option, text, 'a duration from 24h to 1000d, such as 15d');
}

function print({ environment, loki, without }: Question, advice: Advice): void {
  const { file, containers, lokiTargets, lokiLimits, warnings } = advice;
  const { single, distributed } = advice.wholeLoki;
  const amount = ({ cores, gibibytes }: typeof single): string =>
    `${cores.toFixed(1)} cores and ${gibibytes.toFixed(1)} GiB`;
  const rows = containers.map(({ name, instances, cpu, memory, memoryLimit, because }) => [
    name,
    instances,
    cpu,
    memory,
    memoryLimit,
    because,
  ]);
  console.log(
    [
      `# infra/environments/${environment}.yaml: these keys, among the others there`,
      toYaml(file),
      'Follows from it:',
      textTable(['container', 'how many', 'CPU', 'memory', 'limit', 'because'], rows, [20, 12, 9, 9, 9, 68]),
      ...(without.includes('loki')
        ? []
        : [
            lokiTable(lokiTargets, isDistributed(loki)),
            `In all, Loki asks for ${amount(single)} as one process, and for ${amount(distributed)} distributed, with what its caches keep.`,
            '',
          ]),
      `Loki's limits: ${JSON.stringify(lokiLimits)}`,
      'Disk of Prometheus: 2 bytes a sample (Prometheus, storage).',
      loki.storage
        ? 'Disk of each process of Loki that takes lines: four hours of them until they are in loki.storage, a fifth free.'
        : 'Disk of Loki: lines in a quarter of their size, a fifth free.',
      ...warnings.map((warning) => `Note: ${warning}`),
    ].join('\n'),
  );
}

const lokiTable = (targets: Advice['lokiTargets'], distributed: boolean): string =>
  [
    distributed
      ? 'And of Loki, since loki.mode is distributed:'
      : 'In place of loki, where loki.mode is distributed:',
    textTable(
      ['target', 'how many', 'CPU', 'memory', 'limit', 'what it does'],
      targets.map(({ name, instances, cpu, memory, memoryLimit, does }) => [
        name,
        instances,
        cpu,
        memory,
        memoryLimit,
        does,
      ]),
      [20, 12, 9, 9, 9, 68],
    ),
  ].join('\n');
