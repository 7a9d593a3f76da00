import { messageTemplates } from '../../alerts/message-templates.ts';
import type { Integration } from '../../alerts/receivers.ts';
import type { Inhibition, LabelMatcher, RouteTiming, Routing } from '../../alerts/routing.ts';
import type { SecretRef } from '../../telemetry/contract/secrets.ts';
import { scaleDuration } from '../../telemetry/query/scale-time.ts';
import { toYaml } from './yaml.ts';

/** Where an integration sends: a file that holds the secret, or an address that is none (the local inbox). */
type ResolvedSecret =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

export interface AlertmanagerOptions {
  /** Waiting times are divided by this; 1 everywhere but in tests. */
  readonly timeScale: number;
  readonly resolveSecret: (secret: SecretRef) => ResolvedSecret;
  /** Where Alertmanager finds the templates, e.g. `/etc/alertmanager/templates/*.tmpl`. */
  readonly templatesGlob: string;
}

/** Files by path relative to Alertmanager's configuration directory. */
export function renderAlertmanager(
  routing: Routing,
  options: AlertmanagerOptions,
): ReadonlyMap<string, string> {
  return new Map([
    ['alertmanager.yml', toYaml(alertmanagerConfig(routing, options))],
    ['templates/sightline.tmpl', messageTemplates],
  ]);
}

function alertmanagerConfig({ root, inhibitions, receivers }: Routing, options: AlertmanagerOptions) {
  return {
    global: {},
    templates: [options.templatesGlob],
    route: {
      receiver: root.receiver,
      group_by: root.groupBy,
      ...timing(root, options.timeScale),
      routes: root.routes.map((route) => ({
        receiver: route.receiver,
        matchers: route.matchers.map(matcher),
        ...timing(route, options.timeScale),
      })),
    },
    inhibit_rules: inhibitions.map(inhibition),
    receivers: receivers.map(({ name, integrations }) => ({
      name,
      ...Object.assign({}, ...integrations.map((each) => integrationConfig(each, options))),
    })),
  };
}

const matcher = ({ label, operator, value }: LabelMatcher): string => `${label}${operator}"${value}"`;

const inhibition = ({ source, target, equal }: Inhibition) => ({
  source_matchers: source.map(matcher),
  target_matchers: target.map(matcher),
  equal,
});

function timing({ groupWait, groupInterval, repeatInterval }: RouteTiming, timeScale: number) {
  return {
    ...(groupWait && { group_wait: scaleDuration(groupWait, timeScale) }),
    ...(groupInterval && { group_interval: scaleDuration(groupInterval, timeScale) }),
    ...(repeatInterval && { repeat_interval: scaleDuration(repeatInterval, timeScale) }),
  };
}

/** One entry a kind: no receiver has two integrations of the same kind. */
function integrationConfig(integration: Integration, options: AlertmanagerOptions) {
  const target = options.resolveSecret(integration.secret);
  switch (integration.kind) {
    case 'slack':
      return { slack_configs: [slack(integration.channel, target)] };
    case 'pagerduty':
      return { pagerduty_configs: [pagerduty(target)] };
    case 'heartbeat':
      return {
        webhook_configs: [
          {
            ...(target.kind === 'file' ? { url_file: target.path } : { url: target.url }),
            send_resolved: false,
          },
        ],
      };
  }
}

const use = (template: string): string => `{{ template "sightline.${template}" . }}`;

function slack(channel: string, target: ResolvedSecret) {
  return {
    ...(target.kind === 'file' ? { api_url_file: target.path } : { api_url: target.url }),
    channel,
    send_resolved: true,
    color: use('color'),
    title: use('slack.title'),
    title_link: use('dashboard'),
    text: use('slack.text'),
    fallback: use('slack.fallback'),
    mrkdwn_in: ['text'],
  };
}

/** The inbox asks for no key, but Alertmanager insists on one. */
const keyForTheInbox = 'local-inbox';

/** The key that PagerDuty deduplicates by is Alertmanager's own: a hash of the group. */
function pagerduty(target: ResolvedSecret) {
  return {
    ...(target.kind === 'file'
      ? { routing_key_file: target.path }
      : { routing_key: keyForTheInbox, url: target.url }),
    send_resolved: true,
    description: use('pagerduty.description'),
    severity: use('pagerduty.severity'),
    client: 'Sightline',
    client_url: '{{ .ExternalURL }}',
    source: '{{ .CommonLabels.cluster }}',
    class: '{{ .CommonLabels.alertname }}',
    component: '{{ .CommonLabels.service }}',
    group: '{{ .CommonLabels.environment }}',
    details: {
      summary: use('pagerduty.description'),
      description: '{{ (index .Alerts 0).Annotations.description }}',
      environment: '{{ .CommonLabels.environment }}',
      service: '{{ .CommonLabels.service }}',
      runbook: use('runbook'),
      dashboard: use('dashboard'),
      logs: use('logs'),
    },
    links: [
      { href: use('runbook'), text: 'Runbook' },
      { href: use('dashboard'), text: 'Dashboard' },
      { href: use('logs'), text: 'Logs' },
    ],
  };
}
