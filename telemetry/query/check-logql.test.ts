import { describe, expect, it } from 'vitest';
import { checkLogql } from './check-logql.ts';
import { field, type LogqlQuery, line, logql, renderQuery } from './query.ts';

const text = (query: string): LogqlQuery => ({ language: 'logql', parts: [{ kind: 'text', text: query }] });
const complaints = (query: string) => checkLogql(text(query)).map(({ message }) => message);

describe('a line of the contract in a query', () => {
  it('selects its streams, its text and its logger', () => {
    expect(renderQuery(logql`${line('login_refused')}`)).toBe(
      '{service="backend-api", level="WARNING"} |= `"message":"login refused"` | logger="auth"',
    );
  });
  it('can be narrowed, and has no text where each line has its own', () => {
    expect(renderQuery(logql`${line('request_failed', { service: 'audit' })}`)).toBe(
      '{service="audit", level="ERROR"} | logger="http.server"',
    );
  });
  it('is accepted with fields taken out of it', () => {
    const query = logql`sum by (service, reason) (count_over_time(${line('websocket_disconnected')} | json ${field('reason')} | ${field('reason')} = "dropped" | ${field('user_id')} != "" [5m]))`;
    expect(checkLogql(query)).toEqual([]);
  });
});

describe('the LogQL checker', () => {
  it.each([
    ['{level="INFO"} | json | duration_ms > 5', []],
    ['{service="a"} | request_id="x"', []],
    ['sum(rate({log_format="json"} | json topic [5m]))', []],
    ['sum(rate({service="a"} | json topic | __error__="" [5m]))', []],
    ['max_over_time({level="INFO"} | json attempt | unwrap attempt | __error__="" [5m])', []],
    ['sum(rate({level="INFO"}[5m])', ['syntax error at character 28']],
    ['{colour="red"}', ['no log stream has the label colour']],
    ['{instance="a:1"}', ['no log stream has the label instance']],
    ['{service="a"} | topic="x"', ['the line has no field topic, or it was not parsed']],
    ['{service="a"} | json colour', ['the contract declares no such log field']],
    ['{service="a"} | json topic="colour"', ['the contract declares no such log field']],
    ['{service="a"} | json reason | topic="x"', ['the line has no field topic, or it was not parsed']],
    ['{service="a"} | duration_ms > 5', ['the line has no field duration_ms, or it was not parsed']],
    [
      'sum(rate({level="INFO"} | unwrap attempt | __error__="" [5m]))',
      ['the line has no field attempt, or it was not parsed'],
    ],
  ])('says of %s: %j', (query, expected) => {
    expect(complaints(query)).toEqual(expected);
  });

  it.each([
    'sum(rate({service="a"} | json topic [5m]))',
    'sum(rate({level!="INFO"} | json [5m]))',
    'sum(rate({log_format="text"} | json topic [5m]))',
  ])('knows that Loki would give up %s', (query) => {
    expect(complaints(query).join()).toContain('a line that is no JSON would fail the query');
  });
  it('knows that a value may be no number', () => {
    expect(complaints('max_over_time({level="INFO"} | json attempt | unwrap attempt [5m])')).toEqual([
      'a value that is no number would fail the query: add | __error__ = ""',
    ]);
  });
});
