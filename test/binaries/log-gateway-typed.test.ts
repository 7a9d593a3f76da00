import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayWithLoki } from './support/gateway-with-loki.ts';

let pipeline: GatewayWithLoki;
beforeAll(async () => {
  pipeline = await GatewayWithLoki.start();
});
afterAll(() => pipeline?.stop());

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
    await pipeline.write(messages.map((message) => ({ message, service: 'nasty' })));
    await pipeline.found({ service: 'nasty', limit: '1000' }, messages.length);
    const probes = [...new Set(messages), ...fc.sample(text, 40)].map((one) => one.toWellFormed());
    for (const query of probes) {
      const { entries } = await pipeline.search({ service: 'nasty', limit: '1000', query });
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
        const { entries } = await pipeline.search({ [name]: wanted });
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
    expect((await pipeline.get('/api/v1/logs/search', parameters)).status).toBe(400);
  });
});
