import type { AlertCourse, DrillCourse } from '../../infra/game-day/course.ts';
import { alertText } from '../../infra/game-day/expectation.ts';
import { textTable } from '../output/table.ts';
import type { DrillResult, GameDayResult } from './game-day.ts';

/** What `game-day --json` prints. Stable: fields are added, never renamed. Times in seconds of this machine. */
export interface GameDayReport {
  readonly ok: boolean;
  readonly timeScale: number;
  readonly seconds: number;
  readonly faults: readonly FaultReport[];
  readonly undeclared: readonly {
    readonly alert: string;
    readonly service: string;
    readonly severity: string;
    readonly during: readonly string[];
  }[];
}

interface FaultReport {
  readonly fault: string;
  readonly passed: boolean;
  readonly failures: readonly string[];
  /** From the beginning of the fault to its end. */
  readonly lasted: number;
  readonly alerts: readonly AlertReport[];
}

interface AlertReport {
  readonly alert: string;
  readonly service: string;
  /** Whether the fault must raise it; otherwise it may. */
  readonly declared: boolean;
  readonly severities: readonly string[];
  /** Since the fault began; below 0 where the condition held before. */
  readonly pending: number;
  readonly firing: number | null;
  readonly delivered: Readonly<Record<string, number>>;
  /** Since the fault ended. */
  readonly ended: number | null;
  readonly calledOff: Readonly<Record<string, number>>;
}

export function reportOf(
  { results, undeclared }: GameDayResult,
  timeScale: number,
  seconds: number,
): GameDayReport {
  return {
    ok: undeclared.length === 0 && results.every(({ failures }) => failures.length === 0),
    timeScale,
    seconds: rounded(seconds),
    faults: results.map(faultReport),
    undeclared: undeclared.map(({ alert: { family, service, severity }, during }) => ({
      alert: family,
      service,
      severity,
      during,
    })),
  };
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;

function faultReport({ course, failures }: DrillResult): FaultReport {
  const end = course.clearedAt ?? course.injectedAt;
  return {
    fault: course.drill.name,
    passed: failures.length === 0,
    failures,
    lasted: rounded((end - course.injectedAt) / 1000),
    // What only was pending is nobody's business.
    alerts: course.alerts
      .filter(({ firingAt }) => firingAt !== undefined)
      .map((alert) => alertReport(alert, course, end)),
  };
}

function alertReport(alert: AlertCourse, { drill, injectedAt }: DrillCourse, end: number): AlertReport {
  const since = (from: number, at: number | undefined): number | null =>
    at === undefined ? null : rounded((at - from) / 1000);
  const firstAt = (state: 'firing' | 'resolved', from: number): Record<string, number> =>
    Object.fromEntries(
      alert.deliveries
        .filter((delivery) => delivery.state === state)
        .toReversed()
        .map(({ to, at }) => [to, rounded((at - from) / 1000)]),
    );
  return {
    alert: alert.alert.family,
    service: alert.alert.service,
    declared: drill.expectation.raises.includes(alert.alert),
    severities: alert.severities,
    pending: since(injectedAt, alert.pendingAt) ?? 0,
    firing: since(injectedAt, alert.firingAt),
    delivered: firstAt('firing', injectedAt),
    ended: since(end, alert.endedAt),
    calledOff: firstAt('resolved', end),
  };
}

/** The report as a person reads it; `--json` has all of it. */
export function printableReport(report: GameDayReport): string {
  const { faults, undeclared, timeScale, seconds } = report;
  const passed = faults.filter((fault) => fault.passed).length;
  const complaints = [
    ...faults.flatMap(({ fault, failures }) => failures.map((failure) => `${fault}: ${failure}`)),
    ...undeclared.map(
      ({ alert, service, severity, during }) =>
        `undeclared: ${alert} of ${service} (${severity}) fired during ${during.join(', ') || 'no fault'}`,
    ),
  ];
  return [
    table(report),
    `Seconds since the fault began (pending, firing, delivered) and since it ended (over, called off); in brackets as if time were not divided by ${timeScale}.`,
    ...complaints.map((complaint) => `✗ ${complaint}`),
    `${passed} of ${faults.length} faults raised, delivered and ended as declared; ${undeclared.length} undeclared alerts; ${asMinutes(seconds)}.`,
  ].join('\n');
}

function table({ faults, timeScale }: GameDayReport): string {
  const both = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : `${value.toFixed(1)} (${asMinutes(value * timeScale)})`;
  const first = (times: Readonly<Record<string, number>>): string =>
    Object.keys(times).length === 0
      ? '–'
      : `${both(Math.max(...Object.values(times)))} ${Object.keys(times).toSorted().join(' ')}`;
  const rows = faults.flatMap(({ fault, passed, alerts }) =>
    alerts.map((alert, index) => [
      index === 0 ? `${passed ? '✓' : '✗'} ${fault}` : '',
      `${alert.declared ? '' : '(may) '}${alertText({ family: alert.alert, service: alert.service })} ${alert.severities.join(' ')}`,
      both(alert.pending),
      both(alert.firing),
      first(alert.delivered),
      both(alert.ended),
      first(alert.calledOff),
    ]),
  );
  return textTable(['fault', 'alert', 'pending', 'firing', 'delivered', 'over', 'called off'], rows);
}

/** `4m06s`; below 0 with its sign. */
function asMinutes(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 ? '-' : '';
  return `${sign}${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}
