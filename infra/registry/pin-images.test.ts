import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listenLocally } from '../../test/support/local-server.ts';
import { images, taggedImages } from '../kubernetes/images.ts';
import { parseImage, registryUrl } from './image-reference.ts';
import { pinnedBy, resolveAll } from './pin-images.ts';
import { readPinned, withDigest, writePinned } from './pinned.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const manifest = '{"schemaVersion":2}';
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
const image = 'quay.io/prometheus/prometheus:v3.15.0';
const other = 'docker.io/grafana/loki:3.6.4';

/** A registry by the OCI distribution specification, with one image, that wants a token. */
async function registry(
  change: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<{ base: string; asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://registry');
    asked.push(`${request.method} ${url.pathname}`);
    if (change(request, response)) return;
    if (url.pathname === '/token') {
      const scoped = url.searchParams.get('scope') === 'repository:prometheus/prometheus:pull';
      response.end(JSON.stringify({ token: scoped ? 'pull-it' : 'nothing' }));
    } else if (request.headers.authorization !== 'Bearer pull-it')
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="${base}/token",service="registry"` })
        .end();
    else if (url.pathname !== '/v2/prometheus/prometheus/manifests/v3.15.0') response.writeHead(404).end();
    else if (request.method === 'HEAD') response.writeHead(200, { 'docker-content-digest': digest }).end();
    else response.end(manifest);
  });
  const base = `http://127.0.0.1:${await listenLocally(server)}`;
  closing.push(() => server.close().closeAllConnections());
  return { base, asked };
}

const resultOf = async (base: string) => (await resolveAll([image], { base }))[0]?.result;

describe('the digest of a tag', () => {
  it('is asked for with a token of the registry', async () => {
    const { base, asked } = await registry();
    expect(await resultOf(base)).toEqual({ digest });
    const path = '/v2/prometheus/prometheus/manifests/v3.15.0';
    expect(asked).toEqual([`HEAD ${path}`, 'GET /token', `HEAD ${path}`]);
  });

  it('is reckoned from the manifest where the registry does not say it', async () => {
    const { base } = await registry((request, response) => {
      if (request.url === '/token' || request.method !== 'HEAD' || !request.headers.authorization)
        return false;
      response.writeHead(200).end();
      return true;
    });
    expect(await resultOf(base)).toEqual({ digest });
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => boolean, RegExp]>([
    [
      'is none',
      (_, response) => !!response.writeHead(200, { 'docker-content-digest': 'sha256:latest' }).end(),
      /sha256:latest, which is none/,
    ],
    ['is not there', (_, response) => !!response.writeHead(404).end(), /answers 404/],
    [
      'is only for who signs on otherwise',
      (_, response) => !!response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
      /a sign-on that is not known/,
    ],
    [
      'is behind an address without TLS',
      (_, response) =>
        !!response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://example.com/token"' }).end(),
      /http:\/\/example\.com, without TLS/,
    ],
  ])('that %s is a problem', async (_, change, problem) => {
    const { base } = await registry(change);
    expect(await resultOf(base)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('is not known where no registry answers', async () => {
    expect(await resultOf('http://127.0.0.1:2')).toEqual({
      problem: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('what is pinned', () => {
  it('is what was found, and for the others what was known; images that are no more are left out', async () => {
    const { base } = await registry();
    const before = {
      [other]: `sha256:${'b'.repeat(64)}`,
      'quay.io/old/image:v1': `sha256:${'c'.repeat(64)}`,
    };
    const pinned = pinnedBy(await resolveAll([image, other], { base }), before);
    expect(pinned).toEqual({ [image]: digest, [other]: before[other] });
    const folder = mkdtempSync(join(tmpdir(), 'pinned-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    writePinned(pinned, join(folder, 'pinned.json'));
    expect(readPinned(join(folder, 'pinned.json'))).toEqual(pinned);
  });

  it('goes behind the tag it was found for, and behind no other', () => {
    expect(withDigest(image, { [image]: digest })).toBe(`${image}@${digest}`);
    expect(withDigest('quay.io/prometheus/prometheus:v3.16.0', { [image]: digest })).not.toContain('@');
  });

  it('is in the images that objects name', () => {
    const pinned = readPinned();
    expect(Object.values(images)).toEqual(taggedImages.map((tagged) => withDigest(tagged, pinned)));
  });
});

describe('every image', () => {
  it('names its registry, its repository and its tag', () => {
    for (const each of taggedImages) expect(parseImage(each).tag).toMatch(/^v?\d+\.\d+\.\d+$/);
    expect(() => parseImage('grafana/loki:3.6.4')).toThrow('no image of a registry');
    expect(registryUrl('docker.io')).toBe('https://registry-1.docker.io');
  });
});
