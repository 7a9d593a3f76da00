import { describe, expect, it } from 'vitest';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from '../kubernetes/cluster-context.ts';
import type { NetworkPolicySpec, ObjectOf } from '../kubernetes/object.ts';
import { clusterSystems } from '../kubernetes/systems.ts';
import { architecturePage } from './architecture-page.ts';

const page = architecturePage();

/** Rows of the table that an environment has. */
const rowsOf = (environment: string): readonly string[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| from'))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter(([, , , where = '']) => where === 'all' || where.split(', ').includes(environment))
    .map(([from, to, ports]) => `${from} -> ${to}: ${ports}`);

type Peers = NonNullable<NonNullable<NetworkPolicySpec['egress']>[number]['to']>;
type Ports = NonNullable<NonNullable<NetworkPolicySpec['egress']>[number]['ports']>;

const nameLabel = 'app.kubernetes.io/name';

function peerName(peers: Peers | undefined): string {
  const peer = peers?.[0];
  if (!peer) return 'anywhere';
  if (peer.ipBlock) return peer.ipBlock.cidr;
  const namespace = peer.namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'];
  const part = peer.podSelector?.matchLabels?.[nameLabel];
  return part ? `${namespace}/${part}` : `namespace ${namespace}`;
}

const portNames = (ports: Ports | undefined): string =>
  (ports ?? []).map(({ port, protocol }) => (protocol === 'UDP' ? `${port}/UDP` : String(port))).join(', ');

describe.each(clusterEnvironments)('the architecture of %s', (environment) => {
  const policies = clusterSystems(clusterContext(environment))
    .flatMap((system) => system.objects)
    .filter((object): object is ObjectOf<'NetworkPolicy'> => object.kind === 'NetworkPolicy');
  const held = policies.map(({ metadata, spec }) => ({
    self: `${metadata.namespace}/${spec?.podSelector?.matchLabels?.[nameLabel]}`,
    spec,
  }));
  const isHeld = (name: string | undefined): boolean => held.some(({ self }) => self === name);
  const rows = rowsOf(environment);

  it('is what the network policies let through, each once, and nothing else', () => {
    const out = held.flatMap(({ self, spec }) =>
      (spec?.egress ?? []).map(({ to, ports }) => `${self} -> ${peerName(to)}: ${portNames(ports)}`),
    );
    const into = held.flatMap(({ self, spec }) =>
      (spec?.ingress ?? []).map(({ from, ports }) => `${peerName(from)} -> ${self}: ${portNames(ports)}`),
    );
    expect(rows.filter((row) => isHeld(row.split(' -> ')[0])).toSorted()).toEqual(out.toSorted());
    expect(rows.filter((row) => isHeld(/ -> (.+):/.exec(row)?.[1])).toSorted()).toEqual(into.toSorted());
  });

  it('names each environment once a row', () => {
    expect(page).not.toMatch(new RegExp(String.raw`\b${environment}\b[^|]*\b${environment}\b[^|]*\|$`, 'm'));
  });
});

it('the picture draws every part once, and an arrow for what goes between them', () => {
  expect(page.match(/^ +prometheus\["prometheus"\]$/gm)).toHaveLength(1);
  expect(page).toMatch(/^ {2}promtail -->\|3100\| loki$/m);
  expect(page).toMatch(/^ {2}namespace_ingress_nginx -->\|3000\| grafana$/m);
  expect(page).not.toContain('kube_system');
});
