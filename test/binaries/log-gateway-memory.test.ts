import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import snappy from 'snappy';
import { expect, it, onTestFinished } from 'vitest';
import { createKey } from '../../services/log-gateway/keys/manage-keys.ts';
import { freePorts } from '../support/ports.ts';
import { startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const megabyte = 1024 * 1024;
/** Of the limits that the gateway is given here: bodies, and what it is without any. */
const mostMegabytes = 550;

it('bombs, nesting, and a thousand slow clients leave the memory bounded', async (context) => {
  context.skip(
    process.platform !== 'linux',
    'the peak of a process’s memory is read from /proc, which Linux has',
  );
  const directory = mkdtempSync(join(tmpdir(), 'log-gateway-memory-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [port = 0] = await freePorts(1);
  const keyFile = join(directory, 'keys.json');
  const { key } = createKey(keyFile, { name: 't', scopes: ['write'], organizations: ['acme'] });
  const gateway = startTool(
    process.execPath,
    [resolve(import.meta.dirname, '../../services/log-gateway/main.ts')],
    {
      GATEWAY_PORT: String(port),
      KEYS_FILE: keyFile,
      QUEUE_DIRECTORY: join(directory, 'queue'),
      QUEUE_MIN_FREE_BYTES: '0',
      LIMITS_IN_FLIGHT_BYTES: String(64 * megabyte),
    },
  );
  onTestFinished(() => gateway.stop());
  const url = `http://127.0.0.1:${port}`;
  await waitFor('the gateway', () => fetch(`${url}/ready`).then(({ ok }) => ok || undefined), 150_000);

  const nothing = Buffer.alloc(40_000_000);
  const nested = `{"message":"m","fields":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
  const bombs: readonly (readonly [path: string, type: string, encoding: string, body: Buffer])[] = [
    ['/api/v1/logs', 'application/json', 'gzip', gzipSync(nothing)],
    ['/v1/logs', 'application/x-protobuf', 'gzip', gzipSync(nothing)],
    ['/logs/batch-ingest', 'application/json', 'zstd', zstdCompressSync(nothing)],
    ['/loki/api/v1/push', 'application/x-protobuf', 'identity', Buffer.from(await snappy.compress(nothing))],
    ['/api/logs', 'application/json', 'identity', Buffer.from(nested)],
    ['/api/v1/logs', 'application/x-ndjson', 'gzip', gzipSync(Buffer.alloc(30_000_000, '{}\n'))],
  ];
  const statuses = new Set<number>();
  const post = async ([path, type, encoding, body]: (typeof bombs)[number]): Promise<void> => {
    const answer = await fetch(url + path, {
      method: 'POST',
      // A kept connection may be closed just as it is used again.
      headers: { 'x-api-key': key, 'content-type': type, 'content-encoding': encoding, connection: 'close' },
      body: new Uint8Array(body),
    });
    statuses.add(answer.status);
    await answer.arrayBuffer();
  };
  // One by one they are looked at; all at once there is no room for most of them.
  for (const bomb of bombs) await post(bomb);
  expect(statuses).toContain(413);
  const slow: Socket[] = [];
  for (let n = 0; n < 1000; n += 1) {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.write(
      `POST /api/v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\nX-API-Key: ${key}\r\n\r\n{`,
    );
    slow.push(socket);
  }
  onTestFinished(() => {
    for (const socket of slow) socket.destroy();
  });
  for (let round = 0; round < 10; round += 1)
    await Promise.all(bombs.flatMap((bomb) => [post(bomb), post(bomb)]));
  for (const socket of slow) socket.destroy();

  expect(gateway.process.exitCode, gateway.output().slice(-2000)).toBeNull();
  for (const status of statuses) expect([400, 413, 503]).toContain(status);
  const usual = ['/api/logs', 'application/json', 'identity', Buffer.from('{"message":"m"}')] as const;
  await waitFor('the gateway takes logs as before', async () => {
    statuses.clear();
    await post(usual);
    return statuses.has(202) || undefined;
  });
  const [, peak = ''] =
    /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${gateway.process.pid}/status`, 'utf8')) ?? [];
  console.log(`the gateway's memory was at most ${Math.round(Number(peak) / 1024)} MB`);
  expect(Number(peak) / 1024).toBeGreaterThan(50);
  expect(Number(peak) / 1024).toBeLessThan(mostMegabytes);
});
