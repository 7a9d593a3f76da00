import type { Receiver } from '../../alerts/receivers.ts';
import { receivers } from '../../alerts/receivers.ts';
import { type Routing, routingFor } from '../../alerts/routing.ts';
import { allRules } from '../../alerts/rules/index.ts';

/**
 * Our routing with a receiver of every kind behind `incidents`. The secrets are those that the contract has: what
 * they hold is what the test says.
 */
export const everyKindOf = (smarthost: `${string}:${number}`): Routing => {
  const incidents: Receiver = {
    name: 'incidents',
    integrations: [
      { kind: 'pagerduty', secret: { secretRef: 'PAGERDUTY_ROUTING_KEY' } },
      { kind: 'slack', channel: '#incidents', secret: { secretRef: 'SLACK_WEBHOOK_URL_INCIDENTS' } },
      { kind: 'slack', channel: '#monitoring', secret: { secretRef: 'SLACK_WEBHOOK_URL_MONITORING' } },
      {
        kind: 'incidentio',
        secret: { secretRef: 'SLACK_WEBHOOK_URL_ALERTS' },
        token: { secretRef: 'SLACK_WEBHOOK_URL_COMPLIANCE' },
      },
      { kind: 'msteams', secret: { secretRef: 'HEARTBEAT_URL' } },
      {
        kind: 'webhook',
        secret: { secretRef: 'DEADMAN_WEBHOOK_URL' },
        token: { secretRef: 'SLACK_WEBHOOK_URL_COMPLIANCE' },
      },
      {
        kind: 'email',
        to: ['on-call@example.com', 'Second Line <second@example.com>'],
        from: 'Sightline <alerts@example.com>',
        smarthost,
        username: 'alerts',
        secret: { secretRef: 'SLACK_WEBHOOK_URL_COMPLIANCE' },
      },
    ],
  };
  const others = receivers.filter(({ name }) => name !== 'incidents');
  return routingFor(allRules, { receivers: [...others, incidents] });
};

export const everyKind = everyKindOf('mail.example.com:587');
