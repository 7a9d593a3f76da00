import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait.ts';
import { type Entry, GatewayWithLoki } from './support/gateway-with-loki.ts';

let pipeline: GatewayWithLoki;
beforeAll(async () => {
  pipeline = await GatewayWithLoki.start();
});
afterAll(() => pipeline?.stop());

describe('from the gateway to Loki and back', { retry: 0 }, () => {
  it('every acknowledged id is found, once, page by page', async () => {
    const entries = Array.from({ length: 330 }, (_, n) => ({
      message: `order ${n} ✓ "quoted"`,
      service: 'pages',
      level: n % 2 ? 'error' : 'info',
    }));
    const ids = await pipeline.write(entries);
    expect(new Set(ids).size).toBe(330);
    await pipeline.found({ service: 'pages', limit: '1000' }, 330);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await pipeline.search({
        service: 'pages',
        limit: '47',
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it('a service that is one too many for a label is found by its name all the same', async () => {
    const crowded = pipeline.gateway.key(['write', 'read'], ['crowded']);
    const names = [...Array.from({ length: 25 }, (_, n) => `service-${n}`), 'a.b|c*(d)', 'x"} or {a="'];
    await pipeline.write(
      names.map((service) => ({ service, message: `of ${service}` })),
      crowded,
    );
    for (const service of names) {
      const entries = await pipeline.found({ service }, 1, crowded);
      expect(entries).toMatchObject([{ service, message: `of ${service}` }]);
      expect(entries[0]?.labels).not.toHaveProperty('overflow_service');
    }
    expect((await pipeline.search({ service: 'a.b' }, crowded)).entries).toEqual([]);
  });

  it('an entry comes back as it was sent', async () => {
    const sent = {
      timestamp: new Date(Date.now() - 1000).toISOString(),
      level: 'CRITICAL',
      message: 'a "whole" entry\nwith lines ✓',
      service: 'whole',
      source: 's',
      host: 'h',
      logger: 'l',
      request_id: 'r-1',
      trace_id: 't-1',
      span_id: 's-1',
      user_id: 'u-1',
      tags: { region: 'eu' },
      fields: { deep: { number: 1.5 } },
    };
    const [id] = await pipeline.write([sent]);
    const [entry] = await pipeline.found({ service: 'whole' }, 1);
    const { timestamp, tags, ...same } = sent;
    expect(entry).toMatchObject({ ...same, id, labels: { region: 'eu' } });
    expect(Date.parse(String(entry?.event_timestamp))).toBe(Date.parse(timestamp));
  });

  it('filters by level, text, request and trace, and by time', async () => {
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await pipeline.write([
      { service: 'filters', message: 'one', level: 'warn', request_id: 'r"1', timestamp: at(10) },
      { service: 'filters', message: 'two', level: 'error', trace_id: 'abc', timestamp: at(5) },
      { service: 'filters', message: 'three | line_format "x"', level: 'fatal' },
    ]);
    await pipeline.found({ service: 'filters' }, 3);
    const messages = async (parameters: Record<string, string>) =>
      (await pipeline.search({ service: 'filters', ...parameters })).entries.map(({ message }) => message);
    expect(await messages({ level: 'WARNING' })).toEqual(['one']);
    expect(await messages({ level: 'error,critical' })).toEqual(['three | line_format "x"', 'two']);
    expect(await messages({ request_id: 'r"1' })).toEqual(['one']);
    expect(await messages({ trace_id: 'abc' })).toEqual(['two']);
    expect(await messages({ query: '| line_format "x"' })).toEqual(['three | line_format "x"']);
    expect(await messages({ start_time: at(7), end_time: at(2) })).toEqual(['two']);
  });

  it('gives NDJSON on request', async () => {
    const ids = await pipeline.write(
      Array.from({ length: 30 }, (_, n) => ({ service: 'ndjson', message: `m ${n}` })),
    );
    await pipeline.found({ service: 'ndjson' }, 30);
    const accept = { accept: 'application/x-ndjson' };
    const { text, headers } = await pipeline.get('/logs/search', { service: 'ndjson' }, pipeline.key, accept);
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry);
    expect(lines.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it('finds patterns of errors, with their count, trend and a sample', async () => {
    await pipeline.write(
      Array.from({ length: 20 }, (_, n) => ({
        service: 'patterns',
        level: 'error',
        message: `order ${n} of user${n}@example.org failed after ${n}.5 s`,
      })),
    );
    await pipeline.found({ service: 'patterns' }, 20);
    const { json } = await pipeline.get('/api/v1/logs/patterns', { hours: '24', service: 'patterns' });
    expect(json).toMatchObject({ organization: 'acme', errors_looked_at: 20, complete: true });
    expect(json.patterns).toMatchObject([
      {
        pattern: 'order <number> of <email> failed after <number> s',
        count: 20,
        trend: 'new',
        services: ['patterns'],
        sample: expect.stringMatching(/^order \d+ of/),
      },
    ]);
    expect((await pipeline.get('/logs/patterns', { service: 'patterns' })).status).toBe(200);
  });

  it('a tail gives new entries as they come', async () => {
    const gone = new AbortController();
    const response = await fetch(`${pipeline.gateway.url}/api/v1/logs/tail?service=tailed&level=error`, {
      headers: { authorization: `Bearer ${pipeline.key}` },
      signal: gone.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array);
    })().catch(() => {});
    await pipeline.write([
      { service: 'tailed', level: 'info', message: 'not this' },
      { service: 'tailed', level: 'error', message: 'but this' },
    ]);
    await pipeline.write(
      [{ service: 'tailed', level: 'error', message: 'not of globex' }],
      pipeline.globexKey,
    );
    await waitFor('the entry', () => text.includes('but this') || undefined);
    gone.abort();
    await reading;
    expect(text).not.toContain('not this');
    expect(text).not.toContain('not of globex');
  });
});
