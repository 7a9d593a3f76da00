import { labelsShown } from '../../alerts/messages/common.ts';
import type { Email, Integration } from '../../alerts/receivers.ts';
import type { SecretRef } from '../../telemetry/contract/secrets.ts';

/** Where an integration sends: a file that holds the secret, or an address that is none (the local inbox). */
type ResolvedSecret =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

export interface IntegrationOptions {
  readonly resolveSecret: (secret: SecretRef) => ResolvedSecret;
}

type Config = Readonly<Record<string, unknown>>;

/** The integrations of one receiver, in the list that Alertmanager has for their kind. */
export function integrationConfigs(
  integrations: readonly Integration[],
  options: IntegrationOptions,
): Readonly<Record<string, readonly Config[]>> {
  const entries = integrations.flatMap((integration) => {
    const config = integrationConfig(integration, options);
    return config ? [{ list: listNames[integration.kind], config }] : [];
  });
  const lists = Map.groupBy(entries, ({ list }) => list);
  return Object.fromEntries([...lists].map(([list, each]) => [list, each.map(({ config }) => config)]));
}

const listNames = {
  slack: 'slack_configs',
  pagerduty: 'pagerduty_configs',
  incidentio: 'incidentio_configs',
  msteams: 'msteamsv2_configs',
  webhook: 'webhook_configs',
  heartbeat: 'webhook_configs',
  email: 'email_configs',
} as const satisfies Record<Integration['kind'], string>;

/** Undefined for mail without its password: the inbox takes none. */
function integrationConfig(
  integration: Integration,
  { resolveSecret }: IntegrationOptions,
): Config | undefined {
  const target = resolveSecret(integration.secret);
  switch (integration.kind) {
    case 'slack':
      return slack(integration.channel, target);
    case 'pagerduty':
      return pagerduty(target);
    case 'incidentio':
      return incidentio(target, resolveSecret(integration.token));
    case 'msteams':
      return msteams(target);
    case 'webhook':
      return webhook(target, integration.token && resolveSecret(integration.token));
    case 'heartbeat':
      return { ...address(target), send_resolved: false, timeout };
    case 'email':
      return target.kind === 'file' ? email(integration, target.path) : undefined;
  }
}

const use = (template: string): string => `{{ template "sightline.${template}" . }}`;

/** Longest that one call may take; it is tried again until the group's next turn. */
const timeout = '10s';

const address = (target: ResolvedSecret, prefix = ''): Config =>
  target.kind === 'file' ? { [`${prefix}url_file`]: target.path } : { [`${prefix}url`]: target.url };

function slack(channel: string, target: ResolvedSecret): Config {
  return {
    ...address(target, 'api_'),
    channel,
    send_resolved: true,
    timeout,
    color: use('color'),
    title: use('slack.title'),
    title_link: use('link'),
    text: use('slack.text'),
    fallback: use('slack.fallback'),
    fields: labelsShown.map((label) => ({
      title: `${label[0]?.toUpperCase()}${label.slice(1)}`,
      value: use(`slack.${label}`),
      short: true,
    })),
    footer: use('slack.footer'),
    mrkdwn_in: ['text'],
  };
}

/** The inbox asks for no key, but Alertmanager insists on one. */
const keyForTheInbox = 'local-inbox';

/** The key that PagerDuty deduplicates by is Alertmanager's own: a hash of the group and its route. */
function pagerduty(target: ResolvedSecret): Config {
  return {
    ...(target.kind === 'file'
      ? { routing_key_file: target.path }
      : { routing_key: keyForTheInbox, url: target.url }),
    send_resolved: true,
    timeout,
    description: use('pagerduty.description'),
    severity: use('pagerduty.severity'),
    client: 'Sightline',
    client_url: '{{ .ExternalURL }}',
    source: use('pagerduty.source'),
    class: '{{ .CommonLabels.alertname }}',
    component: '{{ .CommonLabels.service }}',
    group: '{{ .CommonLabels.environment }}',
    details: {
      description: pagerdutyText('(index .Alerts 0).Annotations.description'),
      ...Object.fromEntries(labelsShown.map((label) => [label, pagerdutyText(`.CommonLabels.${label}`)])),
      firing: '{{ len .Alerts.Firing }}',
      alerts: use('pagerduty.alerts'),
      runbook: use('runbook'),
      dashboard: use('dashboard'),
      logs: use('logs'),
      query: use('query'),
      silence: use('silence'),
    },
    // Alertmanager leaves out links that come out empty.
    links: [
      { href: use('runbook'), text: 'Runbook' },
      { href: use('dashboard'), text: 'Dashboard' },
      { href: use('logs'), text: 'Logs' },
      { href: use('query'), text: 'Saved query' },
      { href: use('silence'), text: 'Silence' },
    ],
  };
}

const pagerdutyText = (value: string): string => `{{ template "sightline.pagerduty.text" ${value} }}`;

/** incident.io takes Alertmanager's own JSON, and maps its fields itself. */
function incidentio(target: ResolvedSecret, token: ResolvedSecret): Config {
  return {
    ...address(target),
    ...(token.kind === 'file'
      ? { alert_source_token_file: token.path }
      : { alert_source_token: keyForTheInbox }),
    send_resolved: true,
    timeout,
  };
}

const msteams = (target: ResolvedSecret): Config => ({
  ...address(target, 'webhook_'),
  send_resolved: true,
  title: use('msteams.title'),
  text: use('msteams.text'),
});

const webhook = (target: ResolvedSecret, token?: ResolvedSecret): Config => ({
  ...address(target),
  ...(token?.kind === 'file' && {
    http_config: { authorization: { type: 'Bearer', credentials_file: token.path } },
  }),
  send_resolved: true,
  max_alerts: mostAlertsOfAWebhook,
  timeout,
});

/** What a receiver can be expected to take at once; Alertmanager says how many it left out. */
const mostAlertsOfAWebhook = 200;

const email = ({ to, from, smarthost, username }: Email, passwordFile: string): Config => ({
  to: to.join(', '),
  from,
  smarthost,
  auth_username: username,
  auth_password_file: passwordFile,
  require_tls: !/^(127\.0\.0\.1|localhost):/.test(smarthost),
  send_resolved: true,
  headers: { Subject: use('title') },
  html: use('email.html'),
  text: use('text'),
});
