import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startTestGateway, type TestGateway } from '../../services/log-gateway/testing/test-gateway.ts';
import { buildLogIngestor } from '../../services/log-ingestor/log-ingestor.ts';
import { readPipelineConfig } from '../../services/pipeline/config/read-config.ts';
import { startPipelineProcess } from '../../services/pipeline/frame.ts';
import { startLoki } from '../preview/stores.ts';
import { toolPath } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const stops: (() => Promise<void> | void)[] = [];
let gateway: TestGateway;
let key: string;
let globexKey: string;

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-gateway-loki-'));
  stops.push(() => rmSync(directory, { recursive: true, force: true }));
  const loki = await startLoki(await toolPath('loki'), directory);
  stops.push(loki.stop);
  gateway = await startTestGateway({ LOKI_URL: loki.url }, (stop) => stops.push(stop));
  const ingestor = await startPipelineProcess('log-ingestor', buildLogIngestor, {
    config: readPipelineConfig({
      env: {
        INGESTOR_PORT: '0',
        INGESTOR_BATCH_WAIT_SECONDS: '0.1',
        INGESTOR_MAX_SERVICES_PER_ORGANIZATION: '25',
        LOKI_URL: loki.url,
        QUEUE_DIRECTORY: gateway.queueDirectory,
      },
    }),
    env: {},
    destination: { write: () => {} },
  });
  stops.push(ingestor.stop);
  key = gateway.key(['write', 'read']);
  globexKey = gateway.key(['write', 'read'], ['globex']);
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

interface Entry {
  readonly id: string;
  readonly message: string;
  readonly service: string;
  readonly level: string;
  readonly [member: string]: unknown;
}

const get = (path: string, parameters: Record<string, string> = {}, who = key, headers = {}) =>
  send(`${gateway.url}${path}?${new URLSearchParams(parameters)}`, { method: 'GET', key: who, headers });

async function search(parameters: Record<string, string>, who = key) {
  const { status, json, text } = await get('/api/v1/logs/search', parameters, who);
  if (status !== 200) throw new Error(`the search was answered with ${status}: ${text}`);
  return { entries: json.entries as readonly Entry[], cursor: json.next_cursor as string | undefined };
}

async function write(entries: readonly object[], who = key): Promise<readonly string[]> {
  const { status, json, text } = await send(`${gateway.url}/api/v1/logs?ids=true`, {
    key: who,
    body: JSON.stringify(entries),
  });
  if (status !== 202) throw new Error(`the entries were answered with ${status}: ${text}`);
  return json.ids as readonly string[];
}

/** Waits until so many entries are found. */
const found = (parameters: Record<string, string>, count: number, who = key) =>
  waitFor(`${count} entries of ${JSON.stringify(parameters)}`, async () => {
    const { entries } = await search(parameters, who);
    return entries.length >= count ? entries : undefined;
  });

describe('from the gateway to Loki and back', { retry: 0 }, () => {
  it('every acknowledged id is found, once, page by page', async () => {
    const entries = Array.from({ length: 330 }, (_, n) => ({
      message: `order ${n} ✓ "quoted"`,
      service: 'pages',
      level: n % 2 ? 'error' : 'info',
    }));
    const ids = await write(entries);
    expect(new Set(ids).size).toBe(330);
    await found({ service: 'pages', limit: '1000' }, 330);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search({
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
    const crowded = gateway.key(['write', 'read'], ['crowded']);
    const names = [...Array.from({ length: 25 }, (_, n) => `service-${n}`), 'a.b|c*(d)', 'x"} or {a="'];
    await write(
      names.map((service) => ({ service, message: `of ${service}` })),
      crowded,
    );
    for (const service of names) {
      const entries = await found({ service }, 1, crowded);
      expect(entries).toMatchObject([{ service, message: `of ${service}` }]);
      expect(entries[0]?.labels).not.toHaveProperty('overflow_service');
    }
    expect((await search({ service: 'a.b' }, crowded)).entries).toEqual([]);
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
    const [id] = await write([sent]);
    const [entry] = await found({ service: 'whole' }, 1);
    const { timestamp, tags, ...same } = sent;
    expect(entry).toMatchObject({ ...same, id, labels: { region: 'eu' } });
    expect(Date.parse(String(entry?.event_timestamp))).toBe(Date.parse(timestamp));
  });

  it('filters by level, text, request and trace, and by time', async () => {
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await write([
      { service: 'filters', message: 'one', level: 'warn', request_id: 'r"1', timestamp: at(10) },
      { service: 'filters', message: 'two', level: 'error', trace_id: 'abc', timestamp: at(5) },
      { service: 'filters', message: 'three | line_format "x"', level: 'fatal' },
    ]);
    await found({ service: 'filters' }, 3);
    const messages = async (parameters: Record<string, string>) =>
      (await search({ service: 'filters', ...parameters })).entries.map(({ message }) => message);
    expect(await messages({ level: 'WARNING' })).toEqual(['one']);
    expect(await messages({ level: 'error,critical' })).toEqual(['three | line_format "x"', 'two']);
    expect(await messages({ request_id: 'r"1' })).toEqual(['one']);
    expect(await messages({ trace_id: 'abc' })).toEqual(['two']);
    expect(await messages({ query: '| line_format "x"' })).toEqual(['three | line_format "x"']);
    expect(await messages({ start_time: at(7), end_time: at(2) })).toEqual(['two']);
  });

  it('gives NDJSON on request', async () => {
    const ids = await write(Array.from({ length: 30 }, (_, n) => ({ service: 'ndjson', message: `m ${n}` })));
    await found({ service: 'ndjson' }, 30);
    const accept = { accept: 'application/x-ndjson' };
    const { text, headers } = await get('/logs/search', { service: 'ndjson' }, key, accept);
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry);
    expect(lines.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it('finds patterns of errors, with their count, trend and a sample', async () => {
    await write(
      Array.from({ length: 20 }, (_, n) => ({
        service: 'patterns',
        level: 'error',
        message: `order ${n} of user${n}@example.org failed after ${n}.5 s`,
      })),
    );
    await found({ service: 'patterns' }, 20);
    const { json } = await get('/api/v1/logs/patterns', { hours: '24', service: 'patterns' });
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
    expect((await get('/logs/patterns', { service: 'patterns' })).status).toBe(200);
  });

  it('a tail gives new entries as they come', async () => {
    const gone = new AbortController();
    const response = await fetch(`${gateway.url}/api/v1/logs/tail?service=tailed&level=error`, {
      headers: { authorization: `Bearer ${key}` },
      signal: gone.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array);
    })().catch(() => {});
    await write([
      { service: 'tailed', level: 'info', message: 'not this' },
      { service: 'tailed', level: 'error', message: 'but this' },
    ]);
    await write([{ service: 'tailed', level: 'error', message: 'not of globex' }], globexKey);
    await waitFor('the entry', () => text.includes('but this') || undefined);
    gone.abort();
    await reading;
    expect(text).not.toContain('not this');
    expect(text).not.toContain('not of globex');
  });
});

describe('what users type', () => {
  const nasty = fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '`',
      '"} or {service=~".+',
      '| json | line_format "{{.x}}"',
      '\n',
      "'",
      '{{',
      '\\"',
    ),
    fc.constantFrom(
      '" |~ "',
      '\u0000',
      '\u2028',
      '✓',
      '💥',
      '\\u0022',
      '%22',
      '#',
      '|=',
      '!~ ".*"',
      '$1',
      '(?i)',
    ),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
  );
  const text = fc.array(nasty, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

  it('is only ever looked for: it finds what contains it, and nothing else', async () => {
    const messages = fc.sample(text, 80).map((message) => message.toWellFormed());
    await write(messages.map((message) => ({ message, service: 'nasty' })));
    await found({ service: 'nasty', limit: '1000' }, messages.length);
    const probes = [...new Set(messages), ...fc.sample(text, 40)].map((one) => one.toWellFormed());
    for (const query of probes) {
      const { entries } = await search({ service: 'nasty', limit: '1000', query });
      const got = entries.map(({ message }) => message).toSorted();
      const containing = messages.filter((message) => message.includes(query)).toSorted();
      // A line holds more than its message: a short text may be in the rest of it.
      for (const message of containing) expect(got).toContain(message);
      const rest = got.filter((message) => !message.includes(query));
      if (query.length > 12 || /[^ -~]/.test(query)) expect(rest).toEqual([]);
    }
  });

  it('never leaves the value it stands in', async () => {
    for (const value of fc.sample(text, 60)) {
      const wanted = value.toWellFormed();
      for (const name of ['service', 'request_id', 'trace_id']) {
        const { entries } = await search({ [name]: wanted });
        expect(entries.filter((entry) => entry[name] !== wanted)).toEqual([]);
      }
    }
  });

  it.each([
    [{ level: 'error|info' }],
    [{ limit: '0' }],
    [{ limit: '1e9' }],
    [{ start_time: 'x' }],
    [{ cursor: 'x' }],
    [{ unknown: 'x' }],
    [{ query: '' }],
    [{ query: 'x'.repeat(501) }],
    [{ start_time: '2026-01-01T00:00:00Z', end_time: '2025-01-01T00:00:00Z' }],
    [{ start_time: '1000000000' }],
  ])('refuses %j', async (parameters) => {
    expect((await get('/api/v1/logs/search', parameters)).status).toBe(400);
  });
});

describe('organizations', () => {
  it('see their own entries only, in searches and patterns', async () => {
    const entry = { service: 'shared', level: 'error', message: 'a secret of acme' };
    await write([entry]);
    await write([{ ...entry, message: 'of globex' }], globexKey);
    await found({ service: 'shared' }, 1);
    const [own, ...more] = await found({ service: 'shared' }, 1, globexKey);
    expect([own?.message, more]).toEqual(['of globex', []]);
    const { text } = await get('/api/v1/logs/patterns', {}, globexKey);
    expect(text).not.toContain('acme');
  });

  it.each(['acme', 'acme|globex', 'globex|acme', '../acme', 'acme,globex'])(
    '%j is refused to the other’s key, in a parameter and in a header',
    async (organization) => {
      for (const path of ['/api/v1/logs/search', '/api/v1/logs/patterns', '/api/v1/logs/tail']) {
        expect([400, 403]).toContain((await get(path, { organization }, globexKey)).status);
        const headers = { 'x-scope-orgid': organization };
        expect((await get(path, {}, globexKey, headers)).status).toBe(403);
      }
    },
  );
});
