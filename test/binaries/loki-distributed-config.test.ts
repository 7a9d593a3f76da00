import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StoreName, storeNames } from '../../infra/config/loki.ts';
import { runCommand } from '../../infra/local/toolchain/run-command.ts';
import { onStore } from '../../infra/loki/example-stores.ts';
import { type LokiTargetName, lokiTargetNames } from '../../infra/loki/targets.ts';
import { instanceFlags, renderDistributedLoki } from '../../infra/render/loki-distributed.ts';
import { productionWith } from '../support/production.ts';
import { toolPath } from '../support/tools.ts';

let folder = '';
let loki = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loki-verify-'));
  loki = await toolPath('loki');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rendered = (store: StoreName): string =>
  renderDistributedLoki(
    productionWith((config) => onStore(config, store)),
    {
      dataDir: '/loki',
      listen: { host: '0.0.0.0', port: 3100, grpcPort: 9095, gossipPort: 7946 },
      peers: {
        members: ['loki-memberlist.monitoring.svc:7946'],
        compactor: { http: 'loki-compactor.monitoring.svc:3100', grpc: 'loki-compactor.monitoring.svc:9095' },
        querier: 'loki-querier.monitoring.svc:3100',
        indexGateways: 'dns+loki-index-gateway.monitoring.svc:9095',
        caches: { chunks: 'dns+chunks:11211', results: 'dns+results:11211' },
      },
      ruler: { rulesDir: '/etc/loki/rules', alertmanager: 'alertmanager.monitoring.svc:9093' },
      replayMemory: 512,
    },
  );

async function verdict(target: LokiTargetName, text: string): Promise<string> {
  const file = join(folder, `${target}.yaml`);
  writeFileSync(file, text);
  const { exitCode, output } = await runCommand(
    loki,
    [
      `-config.file=${file}`,
      '-config.expand-env=true',
      '-verify-config',
      ...instanceFlags(target, { id: `${target}-0`, address: '10.0.0.1' }),
    ],
    { cwd: folder, timeoutMs: 60_000 },
  );
  return exitCode === 0 ? 'valid' : output.trim().slice(-2000);
}

describe.each(storeNames)('the configuration of a distributed Loki on %s', (store) => {
  it.each(lokiTargetNames)('is taken by the real %s', async (target) => {
    expect(await verdict(target, rendered(store))).toBe('valid');
  });

  it('is read to its end: a key that is none, or a value of another kind, is told', async () => {
    const text = rendered(store);
    expect(await verdict('ingester', text.replace('object_store:', 'object_stores:'))).toContain(
      'object_stores',
    );
    expect(await verdict('querier', text.replace(/(bucket|container|account)_name:/, '$1_nome:'))).toContain(
      '_nome',
    );
    expect(await verdict('compactor', text.replace('store: tsdb', 'store: papyrus'))).toContain('papyrus');
    expect(
      await verdict('ruler', text.replace('replication_factor: 3', 'replication_factor: many')),
    ).toContain('many');
  });
});
