import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts } from '../pick-ports.ts';
import { probeRedis } from './redis-probe.ts';

async function passwordFile(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sightline-redis-probe-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = path.join(directory, 'password');
  writeFileSync(file, 'secret');
  return file;
}

/** Answers what Redis would, in two parts, to whoever sends both commands. */
async function answering(...parts: readonly string[]): Promise<number> {
  const [port = 0] = await freePorts(1);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (String(data) !== 'AUTH secret\r\nPING\r\n') return;
      for (const [index, part] of parts.entries()) setTimeout(() => socket.write(part), index * 20);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return port;
}

test('a Redis that lets us in and answers is well, however its answer is cut', async () => {
  await probeRedis(await answering('+OK\r\n+PO', 'NG\r\n'), await passwordFile(), 5000);
});

test.each(['-WRONGPASS invalid', '-LOADING Redis is loading the dataset in memory'])(
  '%s is not',
  async (no) => {
    const port = await answering(`${no}\r\n`, '+PONG\r\n');
    await expect(probeRedis(port, await passwordFile(), 5000)).rejects.toThrow(
      `Redis answers ${no.slice(1)}`,
    );
  },
);

test('one that is silent is given up', async () => {
  await expect(probeRedis(await answering(), await passwordFile(), 200)).rejects.toThrow();
});
