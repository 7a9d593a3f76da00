import {
  type ClusterContext,
  labelsOf,
  metadata,
  nameLabel,
  namespaces,
  part,
  type System,
} from '../context.ts';
import type { Flow, Party } from '../flow.ts';
import { flows, parties } from '../flows.ts';
import { type NetworkPolicySpec, type ObjectOf, object } from '../object.ts';

/** Nothing but what flows is let through: a policy that forbids all in each namespace, and one a part with what it may. */
export function network(context: ClusterContext): System {
  const all = flows(context);
  return {
    name: 'network',
    objects: [
      ...Object.values(namespaces).map((namespace) => closed(context, namespace)),
      ...parties(context).map(({ part: name, namespace }) => {
        const self = part(context, name, { namespace });
        const isSelf = (party: Party): boolean => isPart(party, name, namespace);
        const incoming = all.filter(({ to }) => isSelf(to));
        const outgoing = all.filter(({ from }) => isSelf(from));
        return object('NetworkPolicy', metadata(self), {
          spec: {
            podSelector: { matchLabels: self.selector },
            // What is not said below is forbidden.
            policyTypes: ['Ingress', 'Egress'],
            ...(incoming.length > 0 && {
              ingress: incoming.map(({ from, ports }) => {
                const allowed = peers(from);
                return { ...(allowed && { from: allowed }), ports: portsOf(ports) };
              }),
            }),
            egress: outgoing.map(({ to, ports }) => {
              const allowed = peers(to);
              return { ...(allowed && { to: allowed }), ports: portsOf(ports) };
            }),
          },
        });
      }),
    ],
  };
}

const closed = (context: ClusterContext, namespace: string): ObjectOf<'NetworkPolicy'> =>
  object(
    'NetworkPolicy',
    { name: 'closed', namespace, labels: labelsOf(context, namespace) },
    {
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    },
  );

const isPart = (party: Party, name: string, namespace: string): boolean =>
  party !== 'anywhere' && 'part' in party && party.part === name && party.namespace === namespace;

const portsOf = (ports: Flow['ports']) => ports.map(({ port, protocol = 'TCP' }) => ({ port, protocol }));

type Peer = NonNullable<NonNullable<NetworkPolicySpec['egress']>[number]['to']>[number];

/**
 * Undefined for every address, which is said by leaving the key out: an empty list means the same, but the API server drops
 * it, and each apply would be a change.
 */
function peers(party: Party): Peer[] | undefined {
  if (party === 'anywhere') return undefined;
  if ('address' in party) return [{ ipBlock: { cidr: party.address } }];
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': party.namespace } };
  return [
    'part' in party
      ? { namespaceSelector, podSelector: { matchLabels: { [nameLabel]: party.part } } }
      : { namespaceSelector },
  ];
}
