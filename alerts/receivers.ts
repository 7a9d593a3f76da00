import { type SecretName, type SecretRef, secrets } from '../telemetry/contract/secrets.ts';

/** A way of telling people, without address or key: those are behind the secret. */
export type Integration =
  | { readonly kind: 'slack'; readonly channel: `#${string}`; readonly secret: SecretRef }
  | { readonly kind: 'pagerduty'; readonly secret: SecretRef }
  /** The secret is the alert source's address. */
  | { readonly kind: 'incidentio'; readonly secret: SecretRef; readonly token: SecretRef }
  /** Microsoft Teams, by the webhook of a workflow. */
  | { readonly kind: 'msteams'; readonly secret: SecretRef }
  /** Alertmanager's own JSON. The token, if any, is sent as `Authorization: Bearer`. */
  | { readonly kind: 'webhook'; readonly secret: SecretRef; readonly token?: SecretRef }
  | Email
  /** Alertmanager's own JSON to a dead man's switch, which any call keeps quiet: only what fires is sent. */
  | { readonly kind: 'heartbeat'; readonly secret: SecretRef };

/** Sent with TLS and a password, which is the secret. Only a relay on the same host is spoken to without TLS. */
export interface Email {
  readonly kind: 'email';
  readonly to: readonly string[];
  readonly from: string;
  /** Host and port of the mail server. */
  readonly smarthost: `${string}:${number}`;
  readonly username: string;
  readonly secret: SecretRef;
}

/** Whether it wakes a person, wherever they are. */
export const isPaging = ({ kind }: Integration): boolean => kind === 'pagerduty' || kind === 'incidentio';

export type ReceiverName = 'heartbeat' | 'incidents' | 'alerts' | 'monitoring' | 'compliance';

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
  {
    name: 'compliance',
    integrations: [{ kind: 'slack', channel: '#compliance', secret: secret('SLACK_WEBHOOK_URL_COMPLIANCE') }],
  },
];

/** Every secret that an integration refers to. */
export const secretsOfIntegration = (integration: Integration): readonly SecretRef[] =>
  'token' in integration && integration.token
    ? [integration.secret, integration.token]
    : [integration.secret];

/** Path of the local inbox that takes what the secret's real address would. */
export function inboxPath({ secretRef }: SecretRef): string {
  const secret = secrets[secretRef];
  return 'inbox' in secret ? secret.inbox : '/';
}
