import {
  type ActiveAlert,
  alertsFrom,
  isPlumbing,
  reasonOf,
  type Silence,
  silencesFrom,
  silenceUrl,
  spanText,
} from './alerts.ts';
import { Banner } from './banner.ts';
import { getJson } from './client.ts';
import { h } from './dom.ts';
import { safeHref } from './links.ts';
import { frame, type Shell } from './shell.ts';
import { fullTime } from './time.ts';

const refreshMs = 5000;

/** What fires now, as Alertmanager has it. */
export function alertsPage(shell: Shell): void {
  const banner = new Banner();
  const list = h('div', { class: 'alerts', 'aria-busy': 'true' }, h('p', { class: 'message' }, 'Loading…'));
  const status = h('p', { class: 'dim', role: 'status' });
  const opened = new Set<string>();
  const draw = async (): Promise<void> => {
    try {
      const [alerts, silences] = await Promise.all([
        getJson('/proxy/alertmanager/api/v2/alerts').then(alertsFrom),
        getJson('/proxy/alertmanager/api/v2/silences').then(silencesFrom),
      ]);
      banner.say([]);
      const { alertmanagerUrl } = shell.config;
      const context = { alerts, silences, opened, ...(alertmanagerUrl !== undefined && { alertmanagerUrl }) };
      // Somebody who reads on with the keyboard keeps their place; the next look comes soon.
      if (!list.contains(document.activeElement)) list.replaceChildren(...sections(context));
      const count = alerts.filter((alert) => alert.state === 'firing' && !isPlumbing(alert)).length;
      const said = count === 1 ? '1 alert fires' : `${count === 0 ? 'No' : count} alerts fire`;
      if (status.textContent !== said) status.textContent = said;
    } catch (error) {
      banner.say([error instanceof Error ? error.message : String(error)]);
    }
    list.setAttribute('aria-busy', 'false');
  };
  const again = async (): Promise<void> => {
    if (!document.hidden) await draw();
    setTimeout(() => void again(), refreshMs);
  };
  void again();
  frame(shell, {
    title: 'What fires now',
    grafanaPath: '/alerting/groups',
    content: [banner.element, status, list],
  });
}

interface Context {
  readonly alerts: readonly ActiveAlert[];
  readonly silences: readonly Silence[];
  readonly alertmanagerUrl?: string;
  /** Fingerprints whose labels are unfolded. */
  readonly opened: Set<string>;
}

function sections(context: Context): readonly HTMLElement[] {
  const { alerts } = context;
  const real = alerts.filter((alert) => !isPlumbing(alert));
  const of = (state: ActiveAlert['state']): readonly ActiveAlert[] =>
    real.filter((one) => one.state === state);
  const section = (title: string, members: readonly ActiveAlert[]): HTMLElement =>
    h(
      'section',
      { 'aria-label': title },
      h('h2', {}, `${title} (${members.length})`),
      h('ul', { class: 'alert-list' }, ...members.map((alert) => entry(alert, context))),
    );
  const firing = of('firing');
  const quiet = [
    ['Silenced', of('silenced')],
    ['Inhibited: a more urgent alert says the same', of('inhibited')],
    ['Muted by a time window', of('muted')],
    ['Plumbing: always fires, to show that alerts arrive', alerts.filter(isPlumbing)],
  ] as const;
  return [
    firing.length > 0
      ? section('Firing', firing)
      : h('p', { class: 'message good' }, 'Nothing fires that is not silenced or inhibited.'),
    ...quiet.filter(([, members]) => members.length > 0).map(([title, members]) => section(title, members)),
  ];
}

function entry(alert: ActiveAlert, { alerts, silences, alertmanagerUrl, opened }: Context): HTMLElement {
  const { annotations, labels, fingerprint, severity, since } = alert;
  const labelList = h(
    'details',
    { class: 'alert-labels' },
    h('summary', {}, 'Labels'),
    h(
      'dl',
      {},
      ...Object.entries(labels).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
    ),
  );
  labelList.open = opened.has(fingerprint);
  labelList.addEventListener('toggle', () => {
    if (labelList.open) opened.add(fingerprint);
    else opened.delete(fingerprint);
  });
  const reason = reasonOf(alert, alerts, silences);
  return h(
    'li',
    { class: `alert severity-${severity}`, 'data-state': alert.state, 'data-alert': alert.name },
    h(
      'h3',
      {},
      alert.name,
      h('span', { class: 'badge' }, severity),
      labels.service === undefined ? undefined : h('span', { class: 'badge plain' }, labels.service),
    ),
    h('p', {}, annotations.summary ?? ''),
    annotations.description === undefined ? undefined : h('p', { class: 'dim' }, annotations.description),
    reason === undefined ? undefined : h('p', { class: 'reason' }, reason),
    h(
      'p',
      { class: 'since' },
      'Since ',
      h('time', { datetime: new Date(since).toISOString() }, fullTime(since)),
      ` (${spanText(Date.now() - since)})`,
    ),
    h('p', { class: 'alert-links' }, ...linksOf(alert, alertmanagerUrl)),
    labelList,
  );
}

const annotationLinks = [
  ['Runbook', 'runbook_url'],
  ['Dashboard', 'dashboard_url'],
  ['Logs', 'logs_url'],
  ['Saved query', 'saved_query_url'],
] as const;

function linksOf(alert: ActiveAlert, alertmanagerUrl: string | undefined): readonly HTMLElement[] {
  const about = `${alert.name} ${alert.labels.service ?? ''}`.trim();
  const link = (title: string, href: string): HTMLElement =>
    h('a', { href: safeHref(href), 'aria-label': `${title}: ${about}` }, title);
  return [
    ...annotationLinks.flatMap(([title, name]) => {
      const href = alert.annotations[name];
      return href === undefined ? [] : [link(title, href)];
    }),
    ...(alertmanagerUrl === undefined ? [] : [link('Silence', silenceUrl(alertmanagerUrl, alert))]),
  ];
}
