import { type Severity, severities } from '../telemetry/contract/links.ts';
import type { SecretRef } from '../telemetry/contract/secrets.ts';
import type { Duration } from '../telemetry/query/scale-time.ts';
import { familiesOf, sharedIdentity } from './families.ts';
import { isPaging, type Receiver, type ReceiverName, receivers } from './receivers.ts';
import type { AnyAlertRule } from './rule.ts';

/** Times of a route; what it leaves out comes from its parent. */
export interface RouteTiming {
  readonly groupWait?: Duration;
  readonly groupInterval?: Duration;
  readonly repeatInterval?: Duration;
}

interface Route extends RouteTiming {
  readonly receiver: ReceiverName;
  readonly matchers: readonly LabelMatcher[];
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
  readonly inhibitions: readonly Inhibition[];
  readonly receivers: readonly Receiver[];
}

const severityIs = (severity: Severity): LabelMatcher => ({
  label: 'severity',
  operator: '=',
  value: severity,
});

const rootRoute: RootRoute = {
  receiver: 'alerts',
  groupBy: ['alertname', 'cluster', 'service'],
  groupWait: '30s',
  groupInterval: '5m',
  repeatInterval: '4h',
  routes: [
    {
      receiver: 'heartbeat',
      matchers: [severityIs('none')],
      groupWait: '0s',
      groupInterval: '1m',
      // Under the group interval, or Alertmanager would notify only every other time.
      repeatInterval: '50s',
    },
    // A page waits only long enough for the alerts of one failure to gather, and its end is told within a minute.
    { receiver: 'incidents', matchers: [severityIs('critical')], groupWait: '10s', groupInterval: '1m' },
    { receiver: 'alerts', matchers: [severityIs('warning')] },
    { receiver: 'monitoring', matchers: [severityIs('info')] },
  ],
};

/**
 * Within a family a tier inhibits the less severe ones, for the same subject only. A single rule over all alerts
 * would mute strangers wherever a label of `equal` is missing on both sides.
 */
export function inhibitionsOf(rules: readonly AnyAlertRule[]): readonly Inhibition[] {
  return familiesOf(rules).flatMap((family) => {
    const tiers = severities.filter(
      (severity) => severity !== 'none' && family.tiers.some((tier) => tier.severity === severity),
    );
    return tiers.slice(0, -1).map((severity, index) => ({
      source: [alertnameIs(family.name), severityIs(severity)],
      target: [
        alertnameIs(family.name),
        { label: 'severity', operator: '=~' as const, value: tiers.slice(index + 1).join('|') },
      ],
      equal: sharedIdentity(family),
    }));
  });
}

const alertnameIs = (name: string): LabelMatcher => ({ label: 'alertname', operator: '=', value: name });

/** Where nobody is to be paged, what would page is left out; the channels are told all the same. */
export function routingFor(
  rules: readonly AnyAlertRule[],
  { paging }: { readonly paging: boolean } = { paging: true },
): Routing {
  return {
    root: rootRoute,
    inhibitions: inhibitionsOf(rules),
    receivers: paging ? receivers : receivers.map(withoutPaging),
  };
}

const withoutPaging = (receiver: Receiver): Receiver => ({
  ...receiver,
  integrations: receiver.integrations.filter((integration) => !isPaging(integration)),
});

/** Every secret that the receivers refer to. */
export function secretsOf(routing: Routing): readonly SecretRef[] {
  return routing.receivers.flatMap(({ integrations }) => integrations.map(({ secret }) => secret));
}
