import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { clusterEnvironments } from '../../infra/config/names.ts';
import { readEnvironment } from '../../infra/config.ts';
import type { Advice } from '../../infra/sizing/advice.ts';
import { sizeCommand } from './size.ts';

afterEach(() => vi.restoreAllMocks());

async function run(...args: string[]): Promise<string> {
  const out = vi.spyOn(console, 'log').mockClear().mockReturnValue();
  await sizeCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(args, { from: 'user' });
  return out.mock.calls.join('\n');
}

describe('npm run size', () => {
  it('prints keys of an environment file for a load, and why', async () => {
    const text = await run(
      '--logs-per-day',
      '200GB',
      '--series',
      '1e6',
      '--retention',
      '30d',
      '--services',
      '40',
    );
    expect(parse(text.split('Follows from it:')[0] ?? '')).toEqual({
      prometheus: { retentionTime: '30d', retentionSize: '346GB' },
      loki: { retention: '30d' },
      kubernetes: {
        load: { series: 1_000_000, logsPerDay: '200GB', services: 40 },
        prometheus: { replicas: 2 },
        alertmanager: { replicas: 3 },
        // Four hours of lines on each ingester: the rest is in the bucket.
        loki: { volume: '39Gi' },
        grafana: { replicas: 2 },
      },
    });
    expect(text).toContain('3534m');
    expect(text).toContain('Grafana Mimir');
    expect(text).toContain('"ingestion_rate_mb":47');
    expect(text).toMatch(/│ ingester +│ 3 +│/);
    expect(text).not.toMatch(/│ loki +│/);
    expect(text).not.toContain('One Loki is meant for');
  });

  it('speaks of one Loki and its volume where the file has one', async () => {
    const text = await run('--logs-per-day', '200GB', '--log-retention', '30d', '--environment', 'staging');
    expect(text).toContain('volume: 1805Gi');
    expect(text).toMatch(/│ loki +│ 1 +│/);
    expect(text).toContain('Note: One Loki is meant for about 20GB a day');
  });

  it.each(clusterEnvironments)(
    'advises on no larger a disk for the logs of %s than its file has',
    async (name) => {
      const { file } = JSON.parse(await run('--environment', name, '--json')) as Advice;
      const written = readEnvironment(name).kubernetes?.loki.volume ?? '';
      expect(Number.parseInt(file.kubernetes.loki.volume, 10)).toBeLessThanOrEqual(
        Number.parseInt(written, 10),
      );
    },
  );

  it('takes what is not given from the file of the environment', async () => {
    const { question, file, warnings } = JSON.parse(await run('--environment', 'dev', '--json')) as Advice & {
      readonly question: unknown;
    };
    expect(question).toMatchObject({ environment: 'dev', metricsRetention: '15d', logRetention: '7d' });
    expect(file.kubernetes.prometheus.replicas).toBe(1);
    expect(warnings).toEqual([]);
    expect(await run('--environment', 'dev')).toContain('│ jaeger');
    expect(await run('--environment', 'prod')).not.toMatch(/│ (jaeger|alloy)/);
  });

  it('says when metrics would be kept for less than an SLO needs', async () => {
    expect(await run('--retention', '15d')).toContain('slo.window in prod is 28d');
    expect(await run('--retention', '30d')).not.toContain('slo.window');
  });

  it.each([
    [['--logs-per-day', '200'], '--logs-per-day'],
    [['--logs-per-day', '200Gi'], 'a size in powers of ten'],
    [['--logs-per-day', '5TB'], 'from 1MB to 1TB'],
    [['--series', '-5'], '--series'],
    [['--series', '1.5'], 'a whole number from 1000 to 10000000'],
    [['--series', '1e9'], 'a whole number from 1000 to 10000000'],
    [['--series', 'many'], '"many" is not usable'],
    [['--services', '0'], '--services'],
    [['--retention', '30'], 'a duration from 24h to 1000d'],
    [['--retention', '5m'], '--retention'],
    [['--log-retention', '30 days'], '--log-retention'],
    [['--environment', 'local'], 'Allowed choices are dev, staging, prod'],
  ])('refuses %j', async (args, said) => {
    await expect(run(...args)).rejects.toThrow(said);
  });
});
