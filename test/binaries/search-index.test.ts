import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePipeline, type Pipeline } from '../../cli/chaos/pipeline-processes.ts';
import { createKey } from '../../services/log-gateway/keys/manage-keys.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const directory = mkdtempSync(join(tmpdir(), 'sightline-search-index-'));
let pipeline: Pipeline;
let key: string;

beforeAll(async () => {
  pipeline = await makePipeline({
    loki: await toolPath('loki'),
    directory,
    queueDirectory: join(directory, 'queue'),
    // A new index begins so far ahead.
    env: { LIMITS_MAX_AHEAD_SECONDS: '0', INGESTOR_BATCH_WAIT_SECONDS: '0.1' },
  });
  const { organization, processes } = pipeline;
  key = createKey(join(directory, 'keys.json'), {
    name: 'search',
    scopes: ['read', 'write'],
    organizations: [organization],
  }).key;
  for (const name of ['loki', 'log-ingestor', 'log-gateway'] as const) await processes[name].start();
});

afterAll(async () => {
  await Promise.all(Object.values(pipeline.processes).map((process) => process.end('SIGKILL')));
  rmSync(directory, { recursive: true, force: true });
});

async function found(parameters: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const response = await fetch(
    `${pipeline.gatewayUrl}/api/v1/logs/search?${new URLSearchParams(parameters)}`,
    {
      headers: { authorization: `Bearer ${key}` },
    },
  );
  const { entries } = (await response.json()) as { entries: readonly { message: string }[] };
  return entries.map(({ message }) => message);
}

describe('a search by the index', { retry: 0 }, () => {
  it('finds by a request, a trace and whole words of a text what was sent', async () => {
    const sent = await fetch(`${pipeline.gatewayUrl}/api/v1/logs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify([
        { message: 'order 4711 of ä"b" was paid', service: 'shop', request_id: 'r-1', trace_id: 't/1' },
        { message: 'order 4712 of nobody', service: 'shop', request_id: 'r-2' },
      ]),
    });
    expect(sent.status).toBe(202);
    const paid = ['order 4711 of ä"b" was paid'];
    await waitFor('both are found', async () => (await found({ query: 'order' })).length === 2 || undefined);
    expect(await found({ request_id: 'r-1' })).toEqual(paid);
    expect(await found({ trace_id: 't/1' })).toEqual(paid);
    expect(await found({ query: 'der 4711 o' })).toEqual(paid);
    expect(await found({ query: ' ä"b" was' })).toEqual(paid);
    expect(await found({ query: 'order 4713 of' })).toEqual([]);
    expect(await found({ request_id: 'r-2', query: 'order 4711 of' })).toEqual([]);
  });

  it('does not ask Loki for minutes that the index rules out: what others write there is not found', async () => {
    const line = JSON.stringify({ message: 'behind the back of the index', request_id: 'behind-1' });
    const pushed = await fetch(`${pipeline.loki.url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-scope-orgid': pipeline.organization },
      body: JSON.stringify({
        streams: [{ stream: { service: 'shop', level: 'INFO' }, values: [[`${Date.now()}000000`, line]] }],
      }),
    });
    expect(pushed.status).toBe(204);
    await waitFor(
      'the line is in Loki',
      async () => (await found({ query: 'behind' })).length === 1 || undefined,
    );
    expect(await found({ query: ' the back of ' })).toEqual([]);
  });
});
