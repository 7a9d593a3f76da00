import { type Severity, severities } from '../telemetry/contract/links.ts';
import type { SecretRef } from '../telemetry/contract/secrets.ts';
import type { Duration } from '../telemetry/query/scale-time.ts';
import { familiesOf, sharedIdentity } from './families.ts';
import type { MuteWindow } from './mute-windows.ts';
import { isPaging, type Receiver, type ReceiverName, receivers, secretsOfIntegration } from './receivers.ts';
import type { AnyAlertRule } from './rule.ts';
import { type TeamRoute, teamRoutes } from './team-routes.ts';

/** Times of a route; what it leaves out comes from its parent. */
export interface RouteTiming {
  readonly groupWait?: Duration;
  readonly groupInterval?: Duration;
  readonly repeatInterval?: Duration;
}

export interface Route extends RouteTiming {
  readonly receiver: ReceiverName;
  readonly matchers: readonly LabelMatcher[];
  /** Whether an alert that took this route tries the ones after it, too. */
  readonly continues?: true;
  /** Names of mute windows: those within which it is quiet, and those outside of which it is. */
  readonly quietInside?: readonly string[];
  readonly quietOutside?: readonly string[];
}

export interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '=~';
  readonly value: string;
}

interface RootRoute extends Required<RouteTiming> {
  /** For a severity that no route knows: better in a channel than lost. */
  readonly receiver: ReceiverName;
  readonly groupBy: readonly string[];
  readonly routes: readonly Route[];
}

export interface Inhibition {
  readonly source: readonly LabelMatcher[];
  readonly target: readonly LabelMatcher[];
  readonly equal: readonly string[];
}

/** All of Alertmanager's configuration, as data without secrets or addresses. */
export interface Routing {
  readonly root: RootRoute;
  readonly muteWindows: readonly MuteWindow[];
  readonly inhibitions: readonly Inhibition[];
  readonly receivers: readonly Receiver[];
}

interface RoutingOptions {
  /** Whether a critical alert pages a person. */
  readonly paging?: boolean;
  readonly muteWindows?: readonly MuteWindow[];
  readonly teamRoutes?: readonly TeamRoute[];
  readonly receivers?: readonly Receiver[];
}

const labelIs = (label: string, value: string): LabelMatcher => ({ label, operator: '=', value });
const severityIs = (severity: Severity): LabelMatcher => labelIs('severity', severity);
const alertnameIs = (name: string): LabelMatcher => labelIs('alertname', name);

/** The alert that always fires; docs/runbooks/watchdog.md says what for. */
export const watchdog = 'Watchdog';

const heartbeatRoute: Route = {
  receiver: 'heartbeat',
  matchers: [alertnameIs(watchdog), severityIs('none')],
  groupWait: '0s',
  groupInterval: '1m',
  // Under the group interval, or Alertmanager would notify only every other time.
  repeatInterval: '50s',
};

interface Tier extends RouteTiming {
  readonly severity: Exclude<Severity, 'none'>;
  readonly receiver: ReceiverName;
}

/** What people are told of, the most urgent first. */
const tiers: readonly Tier[] = [
  // A page waits only long enough for the alerts of one failure to gather, and its end is told within a minute.
  { severity: 'critical', receiver: 'incidents', groupWait: '10s', groupInterval: '1m' },
  { severity: 'warning', receiver: 'alerts' },
  { severity: 'info', receiver: 'monitoring' },
];

/** The routes of one severity: those of single teams, then the one for all. */
function routesOf(
  { severity, receiver, ...timing }: Tier,
  options: Required<RoutingOptions>,
): readonly Route[] {
  const quiet = quietTimes(severity, options.muteWindows);
  const ofTeams = options.teamRoutes
    .filter((route) => route.severity === severity)
    .map(
      ({ team, receiver, as }): Route => ({
        receiver,
        matchers: [severityIs(severity), labelIs('team', team)],
        ...timing,
        ...(as === 'also' && { continues: true }),
        ...quiet,
      }),
    );
  return [...ofTeams, { receiver, matchers: [severityIs(severity)], ...timing, ...quiet }];
}

function quietTimes(
  severity: Severity,
  windows: readonly MuteWindow[],
): Pick<Route, 'quietInside' | 'quietOutside'> {
  const names = (quiet: MuteWindow['quiet']): readonly string[] =>
    windows
      .filter((window) => window.quiet === quiet && window.severities.some((muted) => muted === severity))
      .map(({ name }) => name);
  const [inside, outside] = [names('inside'), names('outside')];
  return {
    ...(inside.length > 0 && { quietInside: inside }),
    ...(outside.length > 0 && { quietOutside: outside }),
  };
}

/**
 * Within a family a tier inhibits the less severe ones, for the same subject only. A single rule over all alerts
 * would mute strangers wherever a label of `equal` is missing on both sides.
 */
export function inhibitionsOf(rules: readonly AnyAlertRule[]): readonly Inhibition[] {
  return familiesOf(rules).flatMap((family) => {
    const present = severities.filter(
      (severity) => severity !== 'none' && family.tiers.some((tier) => tier.severity === severity),
    );
    return present.slice(0, -1).map((severity, index) => ({
      source: [alertnameIs(family.name), severityIs(severity)],
      target: [
        alertnameIs(family.name),
        { label: 'severity', operator: '=~' as const, value: present.slice(index + 1).join('|') },
      ],
      equal: sharedIdentity(family),
    }));
  });
}

/** Where nobody is to be paged, what would page is left out; the channels are told all the same. */
export function routingFor(rules: readonly AnyAlertRule[], options: RoutingOptions = {}): Routing {
  const chosen = { paging: true, muteWindows: [], teamRoutes, receivers, ...options };
  return {
    root: {
      receiver: 'alerts',
      groupBy: ['alertname', 'cluster', 'service'],
      groupWait: '30s',
      groupInterval: '5m',
      repeatInterval: '4h',
      routes: [heartbeatRoute, ...tiers.flatMap((tier) => routesOf(tier, chosen))],
    },
    muteWindows: chosen.muteWindows,
    inhibitions: inhibitionsOf(rules),
    receivers: chosen.paging ? chosen.receivers : chosen.receivers.map(withoutPaging),
  };
}

const withoutPaging = (receiver: Receiver): Receiver => ({
  ...receiver,
  integrations: receiver.integrations.filter((integration) => !isPaging(integration)),
});

/** Every secret that the receivers refer to. */
export function secretsOf(routing: Routing): readonly SecretRef[] {
  return routing.receivers.flatMap(({ integrations }) => integrations.flatMap(secretsOfIntegration));
}
