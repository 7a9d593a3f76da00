import type { Severity } from '../../telemetry/contract/links.ts';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import { anySeries, renderPart } from '../../telemetry/query/query.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import type { Matchers, SeriesName } from '../../telemetry/query/series.ts';

/** Series and what becomes of them, in the notation of `promtool test rules`, a sample every 15 seconds. */
export type Samples = readonly (readonly [series: string, values: string])[];

interface FiringAlert {
  readonly severity: Severity;
  readonly [label: string]: string;
}

/** What a family of alerts does, given these samples. */
export interface Scenario {
  /** The alerts' name: all tiers are looked at. */
  readonly family: string;
  readonly given: string;
  readonly samples: Samples;
  /** Time between two samples, and between two evaluations: longer where days must pass. 15 s by default. */
  readonly every?: Duration;
  /** Time since the first sample. */
  readonly at: Duration;
  /** All that fire then, labels complete but for the name and, unless the rule has its own, the team. Empty: none does. */
  readonly firing: readonly FiringAlert[];
}

const deployment = { cluster: 'local', environment: 'local' } as const;

/** Labels of an alert about a service or a component. */
export function subject(service: string, namespace = 'tasks') {
  return { ...deployment, namespace, service };
}

/** Labels of an alert that only knows the service from its expression. */
export const bareSubject = (service: string) => ({ ...deployment, service });

/** The series of one instance, all labels of the target included. */
export function sample<S extends SeriesName>(
  service: ServiceName | (string & {}),
  name: S,
  labels: Matchers<S>,
  values: string,
  instance = `${service}:1`,
): Samples[number] {
  const target = { ...subject(service, namespaceOf(service)), instance, job: service };
  return [renderPart(anySeries(name, { ...labels, ...target } as Matchers<S>), {}), values];
}

const components = new Set(['prometheus', 'alertmanager', 'loki', 'promtail', 'grafana', 'node-exporter']);
const namespaceOf = (service: string): string => (components.has(service) ? 'monitoring' : 'tasks');

/** A counter that grows by this much at each scrape, for an hour. */
export const counting = (perScrape: number): string => `0+${perScrape}x240`;

/** A gauge that stays for an hour. */
export const constant = (value: number): string => `${value}x240`;

/** A counter that grows by this much, begins anew after eighteen minutes, and goes on for an hour. */
export const restarting = (perScrape: number): string => `0+${perScrape}x72 0+${perScrape}x168`;

/** The series of an exporter about something else, which is no service of ours: its labels say about what. */
export function observed<S extends SeriesName>(
  name: S,
  labels: Matchers<S>,
  values: string,
): Samples[number] {
  return [renderPart(anySeries(name, { ...labels, ...deployment } as Matchers<S>), {}), values];
}

type Case = readonly [given: string, samples: Samples];

/** What shows that a rule with a threshold is right. */
interface Proof {
  readonly family: string;
  readonly severity?: Severity;
  /** Labels of the alert but for the severity and the deployment. */
  readonly about: Readonly<Record<string, string>>;
  readonly above: Case;
  /** Since the first sample, when the condition has not yet held for long enough. Absent for a rule without `for`. */
  readonly early?: Duration;
  /** Not at the threshold itself, nor in any other of these cases, is there an alert. */
  readonly quiet: readonly Case[];
  /** When the alert fires, and is looked for in vain: twenty minutes. */
  readonly at?: Duration;
}

/** Fires above its threshold, not too early, and in none of the quiet cases. */
export function proofOf(proof: Proof): readonly Scenario[] {
  const { family, about, above, early, quiet, severity = 'warning', at = '20m' } = proof;
  const [given, samples] = above;
  return [
    { family, given, samples, at, firing: [{ severity, ...deployment, ...about }] },
    ...(early ? [{ family, given: `${given}, but not for long`, samples, at: early, firing: [] }] : []),
    ...quiet.map(([quietly, calm]) => ({ family, given: quietly, samples: calm, at, firing: [] })),
  ];
}
