import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { readPipelineConfig } from '../pipeline/config/read-config.ts';
import { DeadLetters } from '../pipeline/dead-letters/dead-letters.ts';
import { startPipelineProcess } from '../pipeline/frame.ts';
import { buildLogIngestor } from './log-ingestor.ts';

/** An ingestor with three dead letters, and a Loki that is away. */
async function withLetters() {
  const directory = temporaryDirectory();
  const letters = new DeadLetters(directory, 100);
  const ns = '1700000000000000000';
  const entry = { id: 'a', timestamp_ns: ns, event_ns: ns, level: 'INFO', message: 'm', service: 'shop' };
  const letter = { reason: 'too old', entry: JSON.stringify(entry) };
  letters.add([
    { ...letter, id: 'a', organization: 'acme' },
    { ...letter, id: 'b', organization: 'acme' },
    { ...letter, id: 'a', organization: 'other' },
  ]);
  const env = {
    ...{ QUEUE_DIRECTORY: directory, LOKI_URL: 'http://127.0.0.1:9', INGESTOR_PORT: '0' },
    LOG_LEVEL: 'ERROR',
  };
  const ingestor = await startPipelineProcess('log-ingestor', buildLogIngestor, {
    config: readPipelineConfig({ env }),
    env,
  });
  onTestFinished(async () => {
    await ingestor.stop();
    letters.close();
  });
  const ask = async (method: string, path = '', organization: string | undefined = 'acme') => {
    const headers = organization === '' ? {} : { 'x-organizations': organization };
    const response = await fetch(`${ingestor.url}/api/v1/dead-letters${path}`, { method, headers });
    return { status: response.status, body: await response.json() };
  };
  return { ask, letters };
}

it('each organization sees its own, and who may see all sees all', async () => {
  const { ask } = await withLetters();
  const idsOf = async (organization: string, path = '') => {
    const { body } = await ask('GET', path, organization);
    return body.dead_letters.map(({ id }: { readonly id: string }) => id);
  };
  expect(await idsOf('acme')).toEqual(['a', 'b']);
  expect(await idsOf('other')).toEqual(['a']);
  expect(await idsOf('*')).toEqual(['a', 'b', 'a']);
  expect(await idsOf('*', '?limit=2')).toEqual(['a', 'b']);
  expect(await ask('GET', '/b', 'acme')).toMatchObject({ status: 200, body: { id: 'b', reason: 'too old' } });
});

it('nobody sees or changes what is not of the organization, or without one', async () => {
  const { ask, letters } = await withLetters();
  for (const [method, path] of [
    ['GET', '/b'],
    ['POST', '/b/replay'],
    ['DELETE', '/b'],
  ] as const) {
    expect(await ask(method, path, 'other')).toMatchObject({ status: 404 });
    expect(await ask(method, path, '')).toMatchObject({ status: 403 });
  }
  expect(await ask('DELETE', '', '')).toMatchObject({ status: 403 });
  expect(await ask('GET', '?limit=1001')).toMatchObject({ status: 400 });
  expect(letters.count()).toBe(3);
  expect(letters.replays(10)).toEqual([]);
});

it('they are replayed and purged, one or all of an organization', async () => {
  const { ask, letters } = await withLetters();
  expect(await ask('POST', '/b/replay')).toEqual({ status: 202, body: { count: 1 } });
  expect(letters.replays(10)).toMatchObject([{ id: 'b', organization: 'acme' }]);
  expect(await ask('POST', '/replay')).toEqual({ status: 202, body: { count: 2 } });
  expect(letters.replays(10)).toHaveLength(2);
  expect(await ask('DELETE', '/a')).toEqual({ status: 200, body: { count: 1 } });
  expect(await ask('DELETE')).toEqual({ status: 200, body: { count: 1 } });
  expect(letters.list(10)).toMatchObject([{ id: 'a', organization: 'other' }]);
});
