import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealthProbe } from './health.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const created = createServer(listener);
  server = created;
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(created.address() as AddressInfo).port}`;
}

describe('http', () => {
  it('wants a 2xx status, and the body when one is named', async () => {
    const base = await serve((request, response) => {
      response.statusCode = request.url === '/bad' ? 503 : 200;
      response.end('{"status":"ok"}');
    });
    await createHealthProbe({ kind: 'http', url: `${base}/`, bodyIncludes: '"ok"' })();
    await expect(createHealthProbe({ kind: 'http', url: `${base}/bad` })()).rejects.toThrow(
      '/bad answers 503',
    );
    const other = createHealthProbe({ kind: 'http', url: `${base}/`, bodyIncludes: 'ready' });
    await expect(other()).rejects.toThrow('lacks "ready"');
  });

  it('reads no endless answer', async () => {
    const base = await serve((_, response) => {
      const chunk = Buffer.alloc(256 * 1024);
      const more = (): void => {
        while (response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    await expect(createHealthProbe({ kind: 'http', url: base })()).rejects.toThrow('larger than');
  });
});

describe('prometheus-query', () => {
  it('wants at least one sample', async () => {
    const base = await serve((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams.get('query');
      response.end(
        JSON.stringify({ status: 'success', data: { result: query === 'up' ? [{ value: [1, '1'] }] : [] } }),
      );
    });
    await createHealthProbe({ kind: 'prometheus-query', url: base, query: 'up' })();
    await expect(createHealthProbe({ kind: 'prometheus-query', url: base, query: 'down' })()).rejects.toThrow(
      'no sample for down',
    );
  });
});

describe('loki-roundtrip', () => {
  /** Speaks just enough of Loki: keeps what is pushed and gives it back from the third query on. */
  function loki(options: { readonly pushStatus: number }) {
    const calls: string[] = [];
    const lines: string[] = [];
    let queries = 0;
    const listener: RequestListener = (request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      calls.push(`${request.headers['x-scope-orgid'] ?? '-'} ${request.method} ${url.pathname}`);
      if (url.pathname === '/ready') return response.end('ready');
      if (request.method === 'POST') {
        request.on('data', (chunk: Buffer) =>
          lines.push(JSON.parse(chunk.toString()).streams[0].values[0][1]),
        );
        request.on('end', () => {
          response.statusCode = options.pushStatus;
          response.end();
        });
        return;
      }
      queries += 1;
      const wanted = /\|= "(.+)"$/.exec(url.searchParams.get('query') ?? '')?.[1] ?? '?';
      const found = queries >= 3 && lines.some((line) => line.includes(wanted));
      response.end(JSON.stringify({ data: { result: found ? [{ values: [] }] : [] } }));
    };
    return { listener, calls };
  }

  it('is healthy once a pushed line is found, as its tenant, and then asks /ready only', async () => {
    const { listener, calls } = loki({ pushStatus: 204 });
    const probe = createHealthProbe({
      kind: 'loki-roundtrip',
      url: await serve(listener),
      tenant: 'platform',
    });
    await probe();
    expect(calls).toEqual([
      'platform POST /loki/api/v1/push',
      ...Array.from({ length: 3 }, () => 'platform GET /loki/api/v1/query_range'),
    ]);
    await probe();
    expect(calls.slice(4)).toEqual(['- GET /ready']);
  });

  it('takes no other 2xx for an answer to a push: 260 means that the line was dropped', async () => {
    const { listener } = loki({ pushStatus: 260 });
    const probe = createHealthProbe({
      kind: 'loki-roundtrip',
      url: await serve(listener),
      tenant: 'platform',
    });
    await expect(probe()).rejects.toThrow("Loki's push answers 260");
  });
});
