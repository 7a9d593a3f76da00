import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clusterContext } from './cluster-context.ts';
import { flows } from './flows.ts';
import { clusterSystems, secretsOf } from './systems.ts';

const withRemoteWrite = z.object({ spec: z.object({ remoteWrite: z.array(z.unknown()).optional() }) });
const writesOf = (name: 'dev' | 'prod') =>
  clusterSystems(clusterContext(name))
    .flatMap((system) => system.objects)
    .filter(({ kind }) => kind === 'Prometheus')
    .map((object) => withRemoteWrite.parse(object).spec.remoteWrite);

describe('samples that are sent elsewhere', () => {
  it('are said in the operator’s words, with a token that only a Secret holds', () => {
    expect(writesOf('prod')).toEqual([
      [
        {
          url: 'https://metrics.example.com/api/v1/push',
          name: 'remote',
          authorization: {
            type: 'Bearer',
            credentials: { name: 'prometheus-remote-write', key: 'REMOTE_WRITE_SECRET' },
          },
          queueConfig: { capacity: 10_000, maxShards: 10, maxSamplesPerSend: 2000 },
          writeRelabelConfigs: [{ action: 'keep', sourceLabels: ['__name__'], regex: 'slo:.*|ALERTS|up' }],
        },
      ],
    ]);
    expect(secretsOf(clusterSystems(clusterContext('prod')))).toContain('REMOTE_WRITE_SECRET');
  });

  it('are let out, and only where there are any', () => {
    const out = (name: 'dev' | 'prod') =>
      flows(clusterContext(name)).filter(
        ({ from, to, ports }) =>
          to === 'anywhere' &&
          from !== 'anywhere' &&
          'part' in from &&
          from.part === 'prometheus' &&
          ports.length === 1 &&
          ports[0]?.port === 443,
      );
    expect(out('prod')).toHaveLength(1);
    expect(out('dev')).toHaveLength(0);
    expect(writesOf('dev')).toEqual([undefined]);
    expect(secretsOf(clusterSystems(clusterContext('dev')))).not.toContain('REMOTE_WRITE_SECRET');
  });
});
