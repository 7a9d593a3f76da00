import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { BodyReader } from './body.ts';

function request(body: Buffer, encoding?: string): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.headers['content-length'] = String(body.length);
  if (encoding !== undefined) message.headers['content-encoding'] = encoding;
  // In memory of its own, as a chunk of a request is.
  message.push(Buffer.from(new Uint8Array(body).buffer));
  message.push(null);
  return message;
}
const reader = () =>
  new BodyReader({ bodyBytes: 100_000, decompressedBytes: 1_000_000, inFlightBytes: 2_000_000 });
const bomb = gzipSync(Buffer.alloc(900_000));
const plain = Buffer.alloc(100_000);

it('what came out of a compressed body counts, not what was expected of it', async () => {
  const bodies = reader();
  await bodies.read(request(bomb, 'gzip'), 'a', async () => {
    await bodies.read(request(bomb, 'gzip'), 'b', async () => {
      const third = bodies.read(request(bomb, 'gzip'), 'c', async () => 'taken');
      await expect(third).rejects.toMatchObject({ status: 503 });
    });
  });
  expect(await bodies.read(request(bomb, 'gzip'), 'c', async () => 'taken')).toBe('taken');
});

it('a caller cannot hold all of it', async () => {
  const bodies = reader();
  await bodies.read(request(bomb, 'gzip'), 'a', async () => {
    const more = bodies.read(request(bomb, 'gzip'), 'a', async () => 'taken');
    await expect(more).rejects.toMatchObject({ status: 503 });
    expect(await bodies.read(request(bomb, 'gzip'), 'b', async () => 'taken')).toBe('taken');
  });
});

it('what a body is opened to beside that counts, and all of it is given back', async () => {
  const bodies = reader();
  for (let round = 0; round < 3; round += 1) {
    await bodies.read(request(plain), 'a', async (_, reserve) => {
      reserve(1_900_000);
      await expect(bodies.read(request(plain), 'b', async () => 'taken')).rejects.toMatchObject({
        status: 503,
      });
    });
  }
  await expect(
    bodies.read(request(plain), 'a', async (_, reserve) => reserve(2_000_000)),
  ).rejects.toMatchObject({ status: 503 });
  expect(await bodies.read(request(plain), 'b', async () => 'taken')).toBe('taken');
});
