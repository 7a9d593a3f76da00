import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createPushClient } from './push-client.ts';
import { PushRequest } from './push-request.ts';

async function lokiThatAsks(): Promise<{ readonly url: string; readonly asked: (string | undefined)[] }> {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    request.resume();
    const isKnown = request.headers.authorization === `Basic ${btoa('writer:open sesame')}`;
    response.writeHead(isKnown ? 204 : 401).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

it('a Loki that asks for a password gets it, and one that does not is told none', async () => {
  const { url, asked } = await lokiThatAsks();
  const push = async (access: { readonly user?: string; readonly password?: string }) => {
    const client = createPushClient({ url, timeoutMs: 10_000, ...access });
    onTestFinished(() => client.close());
    const { kind } = await client.push('acme', new PushRequest([]));
    return kind;
  };
  expect(await push({ user: 'writer', password: 'open sesame' })).toBe('stored');
  expect(await push({})).toBe('unavailable');
  expect(asked).toEqual([`Basic ${btoa('writer:open sesame')}`, undefined]);
});
