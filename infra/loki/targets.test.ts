import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../config.ts';
import { bounds } from '../sizing/load.ts';
import { onStore } from './example-stores.ts';
import {
  cacheMemory,
  instancesFor,
  lokiHosts,
  lokiTargetNames,
  lokiTargets,
  needOf,
  replicationFactor,
} from './targets.ts';

const load = (logBytesPerDay: number) => ({ logBytesPerDay });

describe('the targets of a distributed Loki', () => {
  it('are what Loki’s sizing page says, at the load that it is about', () => {
    const at3TB = lokiTargetNames.map((name) => [name, instancesFor(name, load(3e12))]);
    expect(Object.fromEntries(at3TB)).toEqual({
      distributor: 4,
      ingester: 6,
      querier: 10,
      'query-frontend': 2,
      'query-scheduler': 2,
      'index-gateway': 4,
      compactor: 1,
      'pattern-ingester': 2,
      ruler: 2,
    });
    const { cores, memory } = needOf('ingester', load(3e12));
    expect([Math.round(cores), Math.round((memory - lokiTargets.ingester.idle) / 1024)]).toEqual([2, 4]);
  });

  it('have the ingesters of every copy, one compactor, and a second of each that can be lost', () => {
    const least = lokiTargetNames.map(
      (name) => [name, instancesFor(name, load(bounds.logBytesPerDay.min))] as const,
    );
    expect(least.filter(([, count]) => count < 2)).toEqual([['compactor', 1]]);
    expect(instancesFor('ingester', load(0))).toBe(replicationFactor);
    expect(instancesFor('compactor', load(bounds.logBytesPerDay.max))).toBe(1);
    // One in each of three zones has every line: with more, Loki would have to be told the zones.
    expect(instancesFor('ingester', load(bounds.logBytesPerDay.max))).toBe(replicationFactor);
  });

  it('keep on a disk what must outlive them, and are apart where they keep copies', () => {
    expect(lokiTargetNames.filter((name) => lokiTargets[name].disk)).toEqual([
      'ingester',
      'index-gateway',
      'compactor',
      'ruler',
    ]);
    expect(lokiTargetNames.filter((name) => lokiTargets[name].apart)).toEqual(['ingester']);
  });

  it('take no less in all when more comes in', () => {
    const bytes = fc.integer(bounds.logBytesPerDay);
    fc.assert(
      fc.property(bytes, bytes, fc.constantFrom(...lokiTargetNames), (one, other, name) => {
        const total = (day: number): number => instancesFor(name, load(day)) * needOf(name, load(day)).memory;
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(total(more)).toBeGreaterThanOrEqual(total(less) - 1e-6);
        expect(cacheMemory(load(more)).chunks).toBeGreaterThanOrEqual(cacheMemory(load(less)).chunks);
      }),
    );
  });
});

describe('whom lines go to', () => {
  it('is one process, or the distributor; the query-frontend answers', () => {
    const dev = readEnvironment('dev');
    expect(lokiHosts(dev)).toEqual({ push: 'loki', query: 'loki' });
    expect(lokiHosts(onStore(dev, 'gcs'))).toEqual({
      push: 'loki-distributor',
      query: 'loki-query-frontend',
    });
  });
});
