import { readFile, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Downloader, DownloadFailure, type DownloadLimits } from './download.ts';
import { releaseServer, sha256, temporaryDirectory } from './testing.ts';

function downloader(limits?: DownloadLimits, signal?: AbortSignal): Downloader {
  const made = new Downloader({}, signal, limits);
  onTestFinished(() => made.close());
  return made;
}

test('streams to a file, counts bytes against the total and computes the SHA-256', async () => {
  const server = await releaseServer();
  const content = Buffer.alloc(3_000_000, 'sightline');
  server.serve('/file', content);
  const path = join(await temporaryDirectory(), 'file');
  const seen: (readonly [number, number | undefined])[] = [];
  const got = await downloader().toFile(`${server.url}/file`, path, 4_000_000, (...now) => seen.push(now));
  expect(got).toEqual({ sha256: sha256(content), bytes: content.length });
  expect(seen.at(-1)).toEqual([content.length, content.length]);
  expect((await readFile(path)).equals(content)).toBe(true);
});

test('stops at the size limit', async () => {
  const server = await releaseServer();
  server.serve('/file', Buffer.alloc(2_000_000));
  const path = join(await temporaryDirectory(), 'file');
  await expect(downloader().toFile(`${server.url}/file`, path, 1_000_000, () => undefined)).rejects.toThrow(
    'is larger than 1000000 bytes',
  );
  expect((await stat(path)).size).toBeLessThanOrEqual(1_000_000);
  await expect(downloader().text(`${server.url}/file`, 10)).rejects.toThrow(DownloadFailure);
});

test('a stalled answer ends at the idle limit, a refused status is named', async () => {
  const server = await releaseServer();
  server.serve('/stalls', (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('a');
  });
  const impatient = downloader({ connectMs: 1_000, idleMs: 200 });
  await expect(impatient.text(`${server.url}/stalls`, 1_000)).rejects.toThrow('broke off');
  await expect(impatient.text(`${server.url}/absent`, 1_000)).rejects.toThrow('answered 404');
});

test('a host that cannot be reached is tried once, even by many at the same time', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  const one = downloader();
  const results = await Promise.allSettled([one.text(url, 10), one.text(url, 10), one.text(url, 10)]);
  await expect(one.text(url, 10)).rejects.toThrow('could not be reached');
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(connections).toBe(1);
});

test('a host that answers is asked again after a failure of one file', async () => {
  const server = await releaseServer();
  server.serve('/there', 'yes');
  const one = downloader();
  await expect(one.text(`${server.url}/absent`, 10)).rejects.toThrow('404');
  expect(await one.text(`${server.url}/there`, 10)).toBe('yes');
});
