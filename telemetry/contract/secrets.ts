/** Secrets by name. Stack data refers to them; only a target (files, Kubernetes Secrets) knows their values. */
export const secrets = {
  SLACK_WEBHOOK_URL_INCIDENTS: 'Incoming webhook of the Slack channel #incidents',
  SLACK_WEBHOOK_URL_ALERTS: 'Incoming webhook of the Slack channel #alerts',
  SLACK_WEBHOOK_URL_MONITORING: 'Incoming webhook of the Slack channel #monitoring',
  PAGERDUTY_ROUTING_KEY: 'Integration key of a PagerDuty service (Events API v2)',
  HEARTBEAT_URL: 'Address of a dead man’s switch that takes Alertmanager’s webhook',
} as const satisfies Record<string, string>;

export type SecretName = keyof typeof secrets;

/** A secret by name, never by value. */
export interface SecretRef {
  readonly secretRef: SecretName;
}
