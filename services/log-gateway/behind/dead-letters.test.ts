import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../kit/testing/temporary-directory.ts';
import { buildLogIngestor } from '../../log-ingestor/log-ingestor.ts';
import { readPipelineConfig } from '../../pipeline/config/read-config.ts';
import { DeadLetters } from '../../pipeline/dead-letters/dead-letters.ts';
import { startPipelineProcess } from '../../pipeline/frame.ts';
import { send, startTestGateway } from '../testing/test-gateway.ts';

it('dead letters of the ingestor are seen and changed by the key of their organization', async () => {
  const directory = temporaryDirectory();
  const letters = new DeadLetters(directory, 10);
  const ns = '1700000000000000000';
  const entry = { id: 'a', timestamp_ns: ns, event_ns: ns, level: 'INFO', message: 'm', service: 'shop' };
  const letter = { reason: 'too old', entry: JSON.stringify(entry) };
  letters.add([
    { ...letter, id: 'a', organization: 'acme' },
    { ...letter, id: 'b', organization: 'globex' },
  ]);
  const env = {
    ...{ QUEUE_DIRECTORY: directory, LOKI_URL: 'http://127.0.0.1:9', INGESTOR_PORT: '0' },
    LOG_LEVEL: 'ERROR',
  };
  const config = readPipelineConfig({ env });
  const ingestor = await startPipelineProcess('log-ingestor', buildLogIngestor, { config, env });
  onTestFinished(async () => {
    await ingestor.stop();
    letters.close();
  });
  const gateway = await startTestGateway({ BEHIND_INGESTOR: ingestor.url });
  const url = `${gateway.url}/api/v1/dead-letters`;
  const ids = async (key: string) => {
    const { dead_letters: found } = JSON.parse((await send(url, { method: 'GET', key })).text);
    return found.map(({ id }: { readonly id: string }) => id);
  };
  expect(await ids(gateway.key(['read']))).toEqual(['a']);
  expect(await ids(gateway.key(['read'], ['*']))).toEqual(['a', 'b']);
  expect((await send(`${url}/a`, { method: 'DELETE', key: gateway.key(['read']) })).status).toBe(403);
  const admin = gateway.key(['admin']);
  expect((await send(`${url}/b`, { method: 'DELETE', key: admin })).status).toBe(404);
  expect((await send(`${url}/a/replay`, { method: 'POST', key: admin })).status).toBe(202);
  expect(letters.replays(10)).toMatchObject([{ id: 'a', organization: 'acme' }]);
  expect((await send(url, { method: 'DELETE', key: admin })).status).toBe(200);
  expect(letters.list(10)).toMatchObject([{ id: 'b' }]);
});
