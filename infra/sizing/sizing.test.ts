import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sized, sizeFor } from '../kubernetes/sizes.ts';
import { bounds, bytesOf, type Load, sizeOfBytes, volumeOfBytes } from './load.ts';
import { leastIntake, lokiIntake } from './loki-limits.ts';
import { lokiVolumeBytes, prometheusBytes } from './storage.ts';

const loads = fc.record({
  series: fc.integer(bounds.series),
  logBytesPerDay: fc.integer(bounds.logBytesPerDay),
  services: fc.integer(bounds.services),
});

/** Two loads of which the second is nowhere less. */
const growing = fc.tuple(loads, loads).map(([one, other]): readonly [Load, Load] => [
  one,
  {
    series: Math.max(one.series, other.series),
    logBytesPerDay: Math.max(one.logBytesPerDay, other.logBytesPerDay),
    services: Math.max(one.services, other.services),
  },
]);

/** Every number in what is said for a load, in one order. */
const numbersOf = (value: unknown): readonly number[] =>
  JSON.stringify(value).match(/\d+/g)?.map(Number) ?? [];

const everything = (load: Load): readonly number[] =>
  numbersOf([
    sized.map((name) => sizeFor(name, load)),
    lokiIntake(load),
    Math.ceil(prometheusBytes(load, 15, 15)),
    Math.ceil(lokiVolumeBytes(load, 7)),
  ]);

describe('sizes', () => {
  it('never get less when more comes in', () => {
    fc.assert(
      fc.property(growing, ([less, more]) => {
        const before = everything(less);
        expect(everything(more).filter((figure, index) => figure < (before[index] ?? 0))).toEqual([]);
      }),
    );
  });

  it('let every container have what it is promised', () => {
    fc.assert(
      fc.property(loads, fc.constantFrom(...sized), (load, name) => {
        const { cpu, memory, memoryLimit } = sizeFor(name, load);
        expect(cpu).toMatch(/^[1-9]\d*m$/);
        expect(Number.parseInt(memoryLimit, 10)).toBeGreaterThanOrEqual(Number.parseInt(memory, 10));
      }),
    );
  });

  it('are those of the sources at the loads that the sources speak of', () => {
    const at = (series: number, logBytesPerDay: number): Load => ({ series, logBytesPerDay, services: 5 });
    // Mimir: a core and 2.5 GB for 300,000 series; beside them 0.2 cores and 512 MiB of ours.
    expect(sizeFor('prometheus', at(300_000, 1e9))).toMatchObject({ cpu: '1200m', memoryLimit: '2897Mi' });
    // Loki: 38 cores and 59 GiB for 3 TB a day; a third of it here.
    expect(sizeFor('loki', at(1000, 1e12))).toMatchObject({ cpu: '12867m', memory: '20651Mi' });
    // Prometheus: retention × samples a second × 2 bytes.
    expect(prometheusBytes(at(150_000, 1e9), 10, 15)).toBe(10 * 86_400 * 10_000 * 2);
  });

  it('leave Loki to take at least what it takes on a laptop', () => {
    fc.assert(
      fc.property(loads, (load) => {
        expect(lokiIntake(load).ingestion_rate_mb).toBeGreaterThanOrEqual(leastIntake.ingestion_rate_mb);
      }),
    );
    expect(leastIntake).toMatchObject({ ingestion_rate_mb: 32, per_stream_rate_limit: '16MB' });
  });

  it('split a stream before its limit is reached', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const { shard_streams, per_stream_rate_limit } = lokiIntake(load);
        expect(Number.parseInt(shard_streams.desired_rate, 10)).toBeLessThan(
          Number.parseInt(per_stream_rate_limit, 10) * 1000,
        );
      }),
    );
  });
});

describe('sizes in words', () => {
  it('hold at least the bytes that they stand for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e15 }), (bytes) => {
        expect(bytesOf(sizeOfBytes(bytes))).toBeGreaterThanOrEqual(bytes);
        expect(Number.parseInt(volumeOfBytes(bytes), 10) * 2 ** 30).toBeGreaterThanOrEqual(bytes);
      }),
    );
  });

  it.each([
    ['512MB', 512e6],
    ['20GB', 20e9],
    ['1TB', 1e12],
    ['20', undefined],
    ['20Gi', undefined],
    ['-1GB', undefined],
    ['1.5GB', undefined],
    ['0GB', undefined],
  ])('%s is %s', (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });
});
