import { describe, expect, it } from 'vitest';
import { logFields, maxLogLineBytes } from '../contract/logs.ts';
import { createInstrumentation } from './instrumentation.ts';
import { levelFrom } from './logger.ts';

function recording(env: NodeJS.ProcessEnv = {}) {
  const lines: string[] = [];
  const instrumentation = createInstrumentation({
    service: 'sync',
    env,
    destination: { write: (line: string) => lines.push(line) },
  });
  const last = () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>;
  return { ...instrumentation, log: instrumentation.logger('sync.pusher'), lines, last };
}

describe('a log line', () => {
  it('is the contract’s: its keys in order, then the free fields as given', () => {
    const { log, trace, setUser, lines, last } = recording();
    trace.run({ requestId: 'req-1' }, 'x', 'server', () => {
      setUser('user-7');
      log.warning('Slow "client"', { task_id: 't1', attempt: 2, extra: { deep: [1, 'a', null, true] } });
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\{"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","level":"WARNING",.*\}\n$/,
    );
    expect(Object.keys(last())).toEqual([...Object.keys(logFields), 'task_id', 'attempt', 'extra']);
    expect(last()).toMatchObject({
      logger: 'sync.pusher',
      message: 'Slow "client"',
      request_id: 'req-1',
      user_id: 'user-7',
      attempt: 2,
      extra: { deep: [1, 'a', null, true] },
    });
  });

  it('has the request’s fields only where they are known', () => {
    const { log, last } = recording();
    log.info('Started');
    expect(Object.keys(last())).toEqual(['timestamp', 'level', 'logger', 'message']);
    log.info('By hand', { user_id: 'u2', topic: 'reminders' });
    expect(Object.keys(last())).toEqual(['timestamp', 'level', 'logger', 'message', 'user_id', 'topic']);
  });

  it('has a clock of microseconds: within a second of the system’s, never backwards, finer than milliseconds', () => {
    const { log, lines } = recording();
    for (let i = 0; i < 200; i += 1) log.info('tick');
    const stamps = lines.map((line) => String((JSON.parse(line) as { timestamp: string }).timestamp));
    expect(stamps.toSorted()).toEqual(stamps);
    expect(new Set(stamps.map((stamp) => stamp.slice(-4, -1))).size).toBeGreaterThan(20);
    expect(Math.abs(Date.parse(stamps.at(-1) ?? '') - Date.now())).toBeLessThan(1000);
  });

  it('does not let a free field pass for one of its own', () => {
    const { log, last } = recording();
    log.info('real', { message: 'forged', level: 'CRITICAL', timestamp: 'never', logger: 'x' });
    expect(last()).toMatchObject({
      message: 'real',
      level: 'INFO',
      logger: 'sync.pusher',
      field_message: 'forged',
    });
  });

  it('takes an error apart, causes included', () => {
    const { log, last } = recording();
    log.error('Failed', { error: new TypeError('outer', { cause: new RangeError('inner') }) });
    expect(last()).toMatchObject({ error_type: 'TypeError', error_message: 'outer' });
    expect(last().error_stack).toContain('caused by: RangeError: inner');
    log.error('Failed', { error: 'just a string' });
    expect(last()).toMatchObject({ error_type: 'string', error_message: 'just a string' });
  });

  it('stays one line, valid and within its bound, whatever it is given', () => {
    const { log, lines, last } = recording();
    const circular: Record<string, unknown> = {
      name: 'loop',
      when: new Date(0),
      big: 10n,
      bytes: Buffer.alloc(9),
    };
    circular.self = circular;
    log.info('line\nbreak', { circular, not: Number.NaN, fn: () => {}, err: { message: 'plain' } });
    expect(last().circular).toEqual({
      name: 'loop',
      when: '1970-01-01T00:00:00.000Z',
      big: '10',
      bytes: '[9 bytes]',
      self: '[circular]',
    });
    const huge = 'ü'.repeat(200_000);
    log.info(huge, { a: huge, b: Array.from({ length: 5000 }, () => huge), small: 'kept' });
    expect(Buffer.byteLength(lines.at(-1) ?? '')).toBeLessThanOrEqual(maxLogLineBytes);
    expect(last()).toMatchObject({ line_cut: true, level: 'INFO', small: 'kept' });
    expect(last().message).toMatch(/… \[cut \d+ characters\]$/);
    for (const line of lines) expect(line.indexOf('\n')).toBe(line.length - 1);
  });
});

describe('LOG_LEVEL', () => {
  it('lets lines of its level and above through, in any case', () => {
    const { log, lines } = recording({ LOG_LEVEL: 'warning' });
    log.debug('no');
    log.info('no');
    log.warning('yes');
    log.critical('yes');
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual([
      'WARNING',
      'CRITICAL',
    ]);
  });

  it('is refused by name where it is not a level', () => {
    expect(() => levelFrom({ LOG_LEVEL: 'loud' })).toThrow(
      /^SL1440 LOG_LEVEL is "loud".*DEBUG, INFO, WARNING, ERROR, CRITICAL/,
    );
    expect(levelFrom({})).toBe('INFO');
  });
});
