import type { Labels } from './frames.ts';

/** Why an alert notifies nobody, or that it does. */
type AlertState = 'firing' | 'silenced' | 'inhibited' | 'muted';

export interface ActiveAlert {
  readonly fingerprint: string;
  readonly name: string;
  readonly severity: string;
  readonly state: AlertState;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Ids of silences, fingerprints of alerts, or names of time windows. */
  readonly because: readonly string[];
}

export interface Silence {
  readonly id: string;
  readonly comment: string;
  readonly createdBy: string;
  readonly endsAt: string;
}

interface Answered {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly status: {
    readonly silencedBy?: readonly string[];
    readonly inhibitedBy?: readonly string[];
    readonly mutedBy?: readonly string[];
  };
}

const isList = (body: unknown): body is readonly unknown[] => Array.isArray(body);

/** The answer of Alertmanager's `/api/v2/alerts`, the most urgent and newest first. */
export function alertsFrom(body: unknown): readonly ActiveAlert[] {
  const alerts = (isList(body) ? (body as readonly Answered[]) : []).map(
    ({ fingerprint, startsAt, labels, annotations, status }): ActiveAlert => ({
      ...{ fingerprint, labels, annotations, since: Date.parse(startsAt) },
      ...stateOf(status),
      name: labels.alertname ?? 'Alert',
      severity: labels.severity ?? 'none',
    }),
  );
  return alerts.sort((left, right) => rank(left) - rank(right) || right.since - left.since);
}

function stateOf({ silencedBy = [], inhibitedBy = [], mutedBy = [] }: Answered['status']): {
  readonly state: AlertState;
  readonly because: readonly string[];
} {
  if (silencedBy.length > 0) return { state: 'silenced', because: silencedBy };
  if (inhibitedBy.length > 0) return { state: 'inhibited', because: inhibitedBy };
  if (mutedBy.length > 0) return { state: 'muted', because: mutedBy };
  return { state: 'firing', because: [] };
}

const urgency = ['critical', 'warning', 'info'];

const rank = ({ severity }: ActiveAlert): number => {
  const place = urgency.indexOf(severity);
  return place < 0 ? urgency.length : place;
};

/** Plumbing such as the watchdog fires all the time, and asks nothing of anybody. */
export const isPlumbing = ({ severity }: ActiveAlert): boolean => severity === 'none';

/** The answer of Alertmanager's `/api/v2/silences`. */
export const silencesFrom = (body: unknown): readonly Silence[] =>
  isList(body) ? (body as readonly Silence[]) : [];

/** Why an alert notifies nobody, in words. */
export function reasonOf(
  { state, because }: ActiveAlert,
  alerts: readonly ActiveAlert[],
  silences: readonly Silence[],
): string | undefined {
  if (state === 'firing') return undefined;
  const parts = because.map((id) => {
    if (state === 'inhibited') {
      const source = alerts.find(({ fingerprint }) => fingerprint === id);
      return source ? `${source.name} (${source.severity})` : id;
    }
    const silence = silences.find((one) => one.id === id);
    return silence ? `“${silence.comment}” by ${silence.createdBy}, until ${silence.endsAt}` : id;
  });
  const words = { silenced: 'Silenced', inhibited: 'Inhibited by', muted: 'Muted by the time window' }[state];
  return `${words} ${parts.join(', ')}`;
}

/** The form of Alertmanager that silences an alert with exactly these labels. Its page reads + as a plus. */
export function silenceUrl(alertmanagerUrl: string, { labels }: ActiveAlert): string {
  const matchers = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`,
  );
  return `${alertmanagerUrl}/#/silences/new?filter=${encodeURIComponent(`{${matchers.join(', ')}}`)}`;
}

/** `3 min`, `2 h 5 min`, `4 d 1 h`. @param ms milliseconds */
export function spanText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
