import { describe, expect, it } from 'vitest';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from './cluster-context.ts';
import { nameLabel } from './context.ts';
import type { Party } from './flow.ts';
import { flows, parties } from './flows.ts';
import type { ObjectOf } from './object.ts';
import { clusterSystems } from './systems.ts';

const shown = (party: Party): string =>
  party === 'anywhere'
    ? party
    : 'address' in party
      ? party.address
      : 'part' in party
        ? party.part
        : `namespace ${party.namespace}`;

const lines = (name: (typeof clusterEnvironments)[number]): readonly string[] =>
  flows(clusterContext(name)).map(
    ({ from, to, ports }) => `${shown(from)} -> ${shown(to)}: ${ports.map(({ port }) => port).join(', ')}`,
  );

describe('how data flows', () => {
  it('takes logs to Loki, samples to Prometheus, alerts to Alertmanager and people to Grafana', () => {
    expect(lines('prod')).toEqual(
      expect.arrayContaining([
        'promtail -> loki: 3100',
        'prometheus -> backend-api: 8000, 9090',
        'prometheus -> alertmanager: 9093',
        'loki -> alertmanager: 9093',
        'alertmanager -> anywhere: 443',
        'namespace ingress-nginx -> grafana: 3000',
        'grafana -> anywhere: 5432',
        'blackbox-exporter -> anywhere: 443',
        'kube-state-metrics -> anywhere: 443, 6443, 8443',
      ]),
    );
  });

  it('says each connection once', () => {
    for (const name of clusterEnvironments) {
      const all = lines(name);
      expect(all.filter((line, index) => all.indexOf(line) !== index)).toEqual([]);
    }
  });

  it('takes lines to a distributed Loki’s bucket, and chunks to its caches, from nobody but Loki', () => {
    const all = lines('prod');
    expect(all).toEqual(
      expect.arrayContaining([
        'loki -> loki: 3100, 9095, 7946',
        'loki -> loki-chunks-cache: 11211',
        'loki -> loki-results-cache: 11211',
        'loki -> anywhere: 443',
      ]),
    );
    expect(all.filter((line) => line.includes('-> loki-'))).toHaveLength(2);
    expect(lines('staging').filter((line) => line.startsWith('loki -> '))).toEqual([
      'loki -> namespace kube-system: 53, 53',
      'loki -> 169.254.20.10/32: 53, 53',
      'loki -> alertmanager: 9093',
      'loki -> prometheus: 9090',
    ]);
  });

  it('has users of its own making, and a database for Grafana, only where the environment says so', () => {
    expect(lines('dev').filter((line) => line.startsWith('traffic-generator -> '))).toHaveLength(7);
    expect(lines('prod').join()).not.toContain('traffic-generator');
    expect(lines('dev')).not.toContain('grafana -> anywhere: 5432');
    expect(lines('dev')).not.toContain('blackbox-exporter -> anywhere: 443');
  });

  it('lets services call nobody but the backend, and be called by nobody but who should', () => {
    const between = flows(clusterContext('prod')).filter(
      ({ from, to }) => serviceNames.some((name) => name === shown(from)) && shown(to) === 'sync',
    );
    expect(between).toEqual([]);
    expect(lines('prod').filter((line) => line.includes('-> audit'))).toEqual([
      'prometheus -> audit: 8004, 9090',
      'blackbox-exporter -> audit: 8004',
    ]);
  });
});

describe.each(clusterEnvironments)('the network policies of %s', (name) => {
  const context = clusterContext(name);
  const objects = clusterSystems(context).flatMap((system) => system.objects);
  const policies = objects.filter(
    (object): object is ObjectOf<'NetworkPolicy'> => object.kind === 'NetworkPolicy',
  );

  it('let a connection out where they let it in', () => {
    const inside = flows(context).filter(({ to, from }) => [to, from].every((party) => isPart(party)));
    expect(inside.length).toBeGreaterThan(15);
    const policyOf = (party: Party) => policies.find(({ metadata }) => metadata.name === shown(party))?.spec;
    for (const { from, to, ports } of inside) {
      const wanted = ports.map(({ port }) => port);
      const about = (peers: unknown, party: Party) =>
        JSON.stringify(peers ?? 'anywhere').includes(`"${shown(party)}"`);
      const out = policyOf(from)?.egress?.find((rule) => about(rule.to, to));
      const into = policyOf(to)?.ingress?.find((rule) => about(rule.from, from));
      expect(
        out?.ports?.map(({ port }) => port),
        shown(from),
      ).toEqual(wanted);
      expect(
        into?.ports?.map(({ port }) => port),
        shown(to),
      ).toEqual(wanted);
    }
  });

  it('hold every pod of ours but those on their host’s network', () => {
    const held = new Set(parties(context).map(({ part }) => part));
    const workloads = objects.flatMap(({ kind, metadata }) =>
      ['Deployment', 'StatefulSet', 'DaemonSet', 'Prometheus', 'Alertmanager'].includes(kind)
        ? [metadata.labels?.[nameLabel] ?? metadata.name]
        : [],
    );
    expect(workloads.length).toBeGreaterThan(8);
    expect(workloads.filter((workload) => !held.has(workload))).toEqual(['node-exporter']);
  });
});

const isPart = (party: Party): boolean => party !== 'anywhere' && 'part' in party;
