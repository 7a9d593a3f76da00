/** What a secret's value looks like: a slip is told before anything starts. */
export type SecretForm = 'url' | 'pagerduty-key' | 'token' | 'url-safe' | 'password' | 'json';

interface Secret {
  readonly form: SecretForm;
  readonly description: string;
  /** Path of the local inbox that stands in for the address while the secret is unset. A token needs none. */
  readonly inbox?: `/${string}`;
}

/** Secrets by name. Stack data refers to them; only a target (files, Kubernetes Secrets) knows their values. */
export const secrets = {
  SLACK_WEBHOOK_URL_INCIDENTS: {
    form: 'url',
    description: 'Incoming webhook of the Slack channel #incidents',
    inbox: '/slack/incidents',
  },
  SLACK_WEBHOOK_URL_ALERTS: {
    form: 'url',
    description: 'Incoming webhook of the Slack channel #alerts',
    inbox: '/slack/alerts',
  },
  SLACK_WEBHOOK_URL_MONITORING: {
    form: 'url',
    description: 'Incoming webhook of the Slack channel #monitoring',
    inbox: '/slack/monitoring',
  },
  SLACK_WEBHOOK_URL_COMPLIANCE: {
    form: 'url',
    description: 'Incoming webhook of the Slack channel #compliance, of the team that owns the audit trail',
    inbox: '/slack/compliance',
  },
  PAGERDUTY_ROUTING_KEY: {
    form: 'pagerduty-key',
    description: 'Integration key of a PagerDuty service (Events API v2)',
    inbox: '/v2/enqueue',
  },
  HEARTBEAT_URL: {
    form: 'url',
    description: 'Address of a dead man’s switch that takes Alertmanager’s webhook',
    inbox: '/heartbeat',
  },
  DEADMAN_WEBHOOK_URL: {
    form: 'url',
    description:
      'Where the dead man’s switch of the local inbox reports, in Slack’s format, when heartbeats stop and return',
  },
  GRAFANA_ADMIN_PASSWORD: {
    form: 'password',
    description: 'Password of Grafana’s user `admin`; the local stack makes one up when there is none',
  },
  REMOTE_WRITE_SECRET: {
    form: 'token',
    description:
      'Token or password that Prometheus sends with its samples, where `prometheus.remoteWrite.auth` is configured',
  },
  GRAFANA_OIDC_CLIENT_SECRET: {
    form: 'token',
    description: 'Secret of Grafana’s client at the sign-on provider, where `grafana.oidc` is configured',
  },
} as const satisfies Record<string, Secret>;

export type SecretName = keyof typeof secrets;

/** A secret by name, never by value. */
export interface SecretRef {
  readonly secretRef: SecretName;
}
