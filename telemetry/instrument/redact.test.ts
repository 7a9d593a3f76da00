import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactedFields } from '../contract/logs.ts';
import { createInstrumentation } from './instrumentation.ts';
import { isRedactedName, scrubText } from './redact.ts';

const secret = 'S3CR3Tvalue';

/** A declared name in any case, with any separator, perhaps with a word before it. */
const secretName = fc
  .tuple(
    fc.constantFrom(...redactedFields),
    fc.constantFrom('lower', 'upper', 'title', 'camel'),
    fc.constantFrom('', 'db_', 'user-', 'request.'),
  )
  .map(([name, style, prefix]) => {
    if (style === 'upper') return prefix.toUpperCase() + name.toUpperCase();
    if (style === 'title') return prefix + name.charAt(0).toUpperCase() + name.slice(1);
    if (style === 'camel') return prefix + name.replaceAll(/[-_](\w)/g, (_, c: string) => c.toUpperCase());
    return prefix + name;
  });

/** Everything a value can be wrapped in on its way into a log line. */
const wrapper = fc.constantFrom<(value: unknown) => unknown>(
  (value) => ({ nested: value }),
  (value) => [1, value],
  (value) => new Map([['entry', value]]),
  (value) => new Set([value]),
  (value) => Object.assign(new Error('went wrong'), { details: value }),
  (value) => new Error('outer', { cause: value }),
  (value) => ({ toJSON: () => value }),
);

describe('redaction', () => {
  it('lets no declared field through, at any depth and in any case, error causes included', () => {
    fc.assert(
      fc.property(
        secretName,
        fc.array(wrapper, { maxLength: 6 }),
        fc.constantFrom('top', 'error', 'details'),
        fc.constantFrom<unknown>(secret, [secret], { inner: secret }, Buffer.from(secret), new Error(secret)),
        (name, wrappers, field, value) => {
          const lines: string[] = [];
          const { logger } = createInstrumentation({
            service: 'audit',
            env: {},
            destination: { write: (line: string) => lines.push(line) },
          });
          const wrapped = wrappers.reduce<unknown>((inner, wrap) => wrap(inner), { [name]: value });
          logger('x').error('failed', { [field]: wrapped, [name]: value });
          expect(lines).toHaveLength(1);
          expect(lines[0]).not.toContain(secret);
          expect(lines[0]).toContain('[redacted]');
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ['authorization: Bearer abc.def-ghi', 'abc.def'],
    ['got Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['connect postgres://app:hunter2@db:5432/tasks failed', 'hunter2'],
    ['{"user":"a","password":"hunter2","b":1}', 'hunter2'],
    ['body was "{\\"password\\":\\"hunter2\\"}"', 'hunter2'],
    ['GET /login?access_token=hunter2&x=1', 'hunter2'],
    ["api-key='hunter2 with spaces'", 'hunter2'],
    ['no user with jane.doe@example.com', 'jane.doe'],
  ])('scrubs free text: %s', (text, hidden) => {
    expect(scrubText(text)).not.toContain(hidden);
    expect(scrubText(text)).toContain('[redacted]');
  });

  it.each([`=${'a'.repeat(200_000)}`, `a@${'a-'.repeat(100_000)}`, 'password="\\'.repeat(20_000)])(
    'takes time in proportion to the text',
    (text) => {
      const start = performance.now();
      scrubText(text);
      // By its square it would be some twenty seconds.
      expect(performance.now() - start).toBeLessThan(2000);
    },
  );

  it('leaves alone what only looks similar', () => {
    for (const name of ['task_id', 'token_count', 'emails_sent', 'duration_ms', 'author', 'passive']) {
      expect(isRedactedName(name)).toBe(false);
    }
    const text = 'PUT /tasks/:id took 5 ms: 3 of 4 done, see http://127.0.0.1:8000/health';
    expect(scrubText(text)).toBe(text);
  });
});
