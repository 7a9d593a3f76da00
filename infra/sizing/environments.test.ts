import { describe, expect, it } from 'vitest';
import { leastDisks } from '../config/disks.ts';
import { loadOf } from '../config/kubernetes.ts';
import { clusterEnvironments } from '../config/names.ts';
import { readEnvironment } from '../config.ts';
import { bytesOf } from './load.ts';
import { replicasIn } from './replicas.ts';
import { singleLokiBytesPerDay } from './storage.ts';

describe.each(clusterEnvironments)('the file of %s', (name) => {
  const environment = readEnvironment(name);
  const { kubernetes } = environment;
  if (!kubernetes) throw new Error('it is no cluster');

  it('has the replicas that are advised', () => {
    const { prometheus, alertmanager, grafana } = kubernetes;
    expect({
      prometheus: prometheus.replicas,
      alertmanager: alertmanager.replicas,
      grafana: grafana.replicas,
    }).toEqual(replicasIn[name]);
  });

  it('has disks that last, and not ten times larger than needed', () => {
    const least = leastDisks(environment, loadOf(kubernetes));
    const share = (given: number, needed: number): number => needed / given;
    const samples = share(
      bytesOf(environment.prometheus.retentionSize) ?? 0,
      bytesOf(least.retentionSize) ?? 0,
    );
    const lines = share(Number.parseInt(kubernetes.loki.volume, 10), Number.parseInt(least.lokiVolume, 10));
    for (const full of [samples, lines]) {
      expect(full).toBeLessThanOrEqual(1);
      expect(full).toBeGreaterThan(0.1);
    }
  });

  it('expects no more log lines than one Loki is meant for', () => {
    expect(bytesOf(kubernetes.load.logsPerDay)).toBeLessThanOrEqual(singleLokiBytesPerDay);
  });
});
