import type { SecretName, SecretRef } from '../telemetry/contract/secrets.ts';

/** A way of telling people, without address or key: those are behind the secret. */
export type Integration =
  | { readonly kind: 'slack'; readonly channel: `#${string}`; readonly secret: SecretRef }
  | { readonly kind: 'pagerduty'; readonly secret: SecretRef }
  /** Alertmanager's own webhook, to a dead man's switch. */
  | { readonly kind: 'heartbeat'; readonly secret: SecretRef };

/** Whether it wakes a person, wherever they are. */
export const isPaging = ({ kind }: Integration): boolean => kind === 'pagerduty';

export type ReceiverName = 'heartbeat' | 'incidents' | 'alerts' | 'monitoring';

export interface Receiver {
  readonly name: ReceiverName;
  readonly integrations: readonly Integration[];
}

const secret = (secretRef: SecretName): SecretRef => ({ secretRef });

export const receivers: readonly Receiver[] = [
  { name: 'heartbeat', integrations: [{ kind: 'heartbeat', secret: secret('HEARTBEAT_URL') }] },
  {
    name: 'incidents',
    integrations: [
      { kind: 'pagerduty', secret: secret('PAGERDUTY_ROUTING_KEY') },
      { kind: 'slack', channel: '#incidents', secret: secret('SLACK_WEBHOOK_URL_INCIDENTS') },
    ],
  },
  {
    name: 'alerts',
    integrations: [{ kind: 'slack', channel: '#alerts', secret: secret('SLACK_WEBHOOK_URL_ALERTS') }],
  },
  {
    name: 'monitoring',
    integrations: [{ kind: 'slack', channel: '#monitoring', secret: secret('SLACK_WEBHOOK_URL_MONITORING') }],
  },
];

/** Where the local inbox takes what a secret's real address would. */
export const inboxPaths = {
  SLACK_WEBHOOK_URL_INCIDENTS: '/slack/incidents',
  SLACK_WEBHOOK_URL_ALERTS: '/slack/alerts',
  SLACK_WEBHOOK_URL_MONITORING: '/slack/monitoring',
  PAGERDUTY_ROUTING_KEY: '/v2/enqueue',
  HEARTBEAT_URL: '/heartbeat',
} as const satisfies Record<SecretName, string>;
