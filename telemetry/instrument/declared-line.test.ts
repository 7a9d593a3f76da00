import { describe, expect, expectTypeOf, it } from 'vitest';
import type { LogLineName } from '../contract/log-lines.ts';
import { line, logql } from '../query/query.ts';
import type { DeclaredLineName, FieldsOfLine } from './declared-line.ts';
import { createInstrumentation } from './instrumentation.ts';

describe('a line of the contract', () => {
  it('is written with its level, logger and text', () => {
    const lines: string[] = [];
    const destination = { write: (text: string) => void lines.push(text) };
    const kit = createInstrumentation({ service: 'backend-api', env: {}, destination });
    kit.line('outbox_waiting')({ reason: 'the bus failed', attempt: 3, error: new RangeError('no') });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'WARNING',
      logger: 'events.outbox',
      message: 'the outbox waits',
      reason: 'the bus failed',
      attempt: 3,
      error_type: 'RangeError',
      error_message: 'no',
    });
  });

  it('has the fields that it is declared with, or does not compile', () => {
    type Waiting = FieldsOfLine<'outbox_waiting'>;
    expectTypeOf<{ reason: string; attempt: number; error: unknown }>().toExtend<Waiting>();
    expectTypeOf<{ reason: string; attempt: number }>().not.toExtend<Waiting>();
    expectTypeOf<{ reason: string; attempt: string; error: unknown }>().not.toExtend<Waiting>();
    expectTypeOf<{ topic: string; event_id: string }>().not.toExtend<FieldsOfLine<'event_published'>>();
  });

  it('is known to services and to queries by its name alone', () => {
    expectTypeOf<'login_refused'>().toExtend<DeclaredLineName>();
    expectTypeOf<'login_refuzed'>().not.toExtend<LogLineName>();
    // Each request's line has a text of its own, so nobody writes it by name.
    expectTypeOf<'request_failed'>().toExtend<LogLineName>();
    expectTypeOf<'request_failed'>().not.toExtend<DeclaredLineName>();
    expectTypeOf(line).parameter(0).toEqualTypeOf<LogLineName>();
    expect(logql`${line('login_refused')}`.parts).toHaveLength(1);
  });
});
