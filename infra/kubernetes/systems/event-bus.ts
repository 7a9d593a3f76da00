import { events } from '../../../telemetry/contract/events.ts';
import { topics } from '../../../telemetry/contract/labels.ts';
import { type ServiceName, serviceNames } from '../../../telemetry/contract/services.ts';
import { type ClusterContext, metadata, type Part } from '../context.ts';
import { type ObjectOf, object } from '../object.ts';

/** Dapr's name for it. */
export const busName = 'pubsub';
/** Events that a topic keeps; at half a kilobyte each, 50 MB. */
const maxStreamLength = 100_000;

/**
 * Who may publish and be told what, as the contract has it. Nothing is said of retries and dead letters: the services count
 * attempts and keep dead letters themselves, so that a policy of Dapr's would only come on top of Redis's redeliveries, and a
 * dead letter topic would take events away after the first.
 */
function topicScopes(): readonly { readonly name: string; readonly value: string }[] {
  const all = [...topics].join(',');
  const scopes = (role: 'publishers' | 'subscribers'): string =>
    serviceNames
      .map((name) => {
        const theirs = Object.values(events).filter((event) =>
          event[role].some((service: ServiceName) => service === name),
        );
        return `${name}=${[...new Set(theirs.map(({ topic }) => topic))].join(',')}`;
      })
      .join(';');
  return [
    { name: 'allowedTopics', value: all },
    { name: 'protectedTopics', value: all },
    { name: 'publishingScopes', value: scopes('publishers') },
    { name: 'subscriptionScopes', value: scopes('subscribers') },
  ];
}

/** The bus that the services' sidecars share. */
export const eventBus = (
  { kubernetes }: ClusterContext,
  shared: Part,
  secretName: string,
): ObjectOf<'Component'> =>
  object('Component', metadata(shared, busName), {
    spec: {
      type: 'pubsub.redis',
      version: 'v1',
      metadata: [
        { name: 'redisHost', value: kubernetes.services.eventBus },
        { name: 'redisPassword', secretKeyRef: { name: secretName, key: 'password' } },
        { name: 'enableTLS', value: String(kubernetes.services.eventBusTls) },
        // Else a stream grows until Redis has no memory left.
        { name: 'maxLenApprox', value: String(maxStreamLength) },
        ...topicScopes(),
      ],
    },
    scopes: [...serviceNames],
  });
