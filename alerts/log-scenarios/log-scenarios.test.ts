import { describe, expect, it } from 'vitest';
import { allLogRules } from '../rules/index.ts';
import { uncoveredLogRules } from './coverage.ts';
import { allLogScenarios } from './index.ts';
import { judge, judgeThreshold } from './judge.ts';
import { logged, plain, pushed, wrote } from './lines.ts';
import type { LogScenario } from './scenario.ts';

describe('the scenarios of log rules', () => {
  it('are those of every rule’s kind', () => {
    expect(uncoveredLogRules(allLogScenarios, allLogRules)).toEqual([]);
  });
  it('are refused for an alert that does not exist', () => {
    const stray = {
      family: 'PasswordGessing',
      given: 'a slip',
      kind: 'quiet',
      lines: [],
      at: '1m',
      firing: [],
    } as const;
    expect(uncoveredLogRules([...allLogScenarios, stray], allLogRules)).toEqual([
      'PasswordGessing (a slip) is no log alert',
    ]);
  });
  it.each(['fires', 'early', 'threshold', 'quiet'] as const)('must be there of the kind %s', (kind) => {
    const some = allLogScenarios.filter(
      (scenario) => scenario.family !== 'PasswordSpraying' || scenario.kind !== kind,
    );
    expect(uncoveredLogRules(some, allLogRules)).toEqual([
      `PasswordSpraying-warning has no scenario of the kind "${kind}"`,
    ]);
  });
  it('must show each tier firing', () => {
    const calm = allLogScenarios.map((scenario) =>
      scenario.family === 'AuditSilent' ? { ...scenario, firing: [] } : scenario,
    );
    expect(uncoveredLogRules(calm, allLogRules)).toEqual(['AuditSilent-warning fires in no scenario']);
  });
});

describe('a line as it is pushed', () => {
  const start = Date.UTC(2026, 0, 2, 3, 4, 5);

  it('has the labels and the metadata that the contract says, and the text of the logger', () => {
    const written = logged(
      'login_refused',
      { user_id: 'ann', reason: 'no' },
      { at: '1m', times: 2, every: '2s' },
    );
    const { stream, values } = pushed(written, start);
    expect(stream).toEqual({
      cluster: 'local',
      environment: 'local',
      namespace: 'tasks',
      service: 'backend-api',
      pod: 'backend-api-0',
      container: 'backend-api',
      level: 'WARNING',
      log_format: 'json',
    });
    expect(values).toEqual([
      [
        `${start + 60_000}000000`,
        '{"timestamp":"2026-01-02T03:05:05.000000Z","level":"WARNING","logger":"auth","message":"login refused","user_id":"ann","reason":"no"}',
        { logger: 'auth', user_id: 'ann' },
      ],
      [
        `${start + 62_000}000000`,
        '{"timestamp":"2026-01-02T03:05:07.000000Z","level":"WARNING","logger":"auth","message":"login refused","user_id":"ann","reason":"no"}',
        { logger: 'auth', user_id: 'ann' },
      ],
    ]);
  });
  it('is taken apart and scrubbed as the logger does it', () => {
    const token = ['Bearer', 'abcdefghij0123456789xyz'].join(' ');
    const written = wrote('loki', 'ERROR', `sent ${token}`, { error: new TypeError('no') }, { at: '0s' });
    const text = pushed(written, start).values[0]?.[1] ?? '';
    expect(text).not.toContain(token);
    expect(JSON.parse(text)).toMatchObject({ error_type: 'TypeError', error_message: 'no' });
    expect(pushed(written, start).stream).toMatchObject({ namespace: 'monitoring', service: 'loki' });
  });
  it('is kept as it is where it is plain', () => {
    const { stream, values } = pushed(plain('sync', 'panic: no', { at: '0s' }), start);
    expect(stream).toMatchObject({ log_format: 'text', service: 'sync' });
    expect(stream).not.toHaveProperty('level');
    expect(values).toEqual([[`${start}000000`, 'panic: no', {}]]);
  });
});

describe('the judgement', () => {
  const rule = allLogRules.find(({ name }) => name === 'PasswordGuessing');
  if (!rule) throw new Error('there is no such rule');
  const subject = { cluster: 'local', service: 'backend-api' };
  const scenario: LogScenario = {
    family: rule.name,
    kind: 'fires',
    given: 'it is guessed',
    lines: [],
    at: '5m',
    firing: [{ severity: 'warning', ...subject }],
  };

  it('passes for exactly the labels, whatever their order', () => {
    expect(judge(rule, scenario, [{ service: 'backend-api', cluster: 'local' }])).toEqual({
      rule: 'PasswordGuessing-warning',
      scenario: 'fires: it is guessed',
      passed: true,
      message: '',
    });
  });
  it.each([
    ['nothing', []],
    ['one too many', [subject, { ...subject, service: 'sync' }]],
    ['another label', [{ ...subject, pod: 'a' }]],
  ])('fails for %s', (_, fired) => {
    expect(judge(rule, scenario, fired).passed).toBe(false);
  });
  it('expects nothing of a tier that the scenario does not name', () => {
    const info: LogScenario = { ...scenario, firing: [{ severity: 'info', ...subject }] };
    expect(judge(rule, info, []).passed).toBe(true);
  });
  it('fails at a threshold that is not met exactly', () => {
    const quiet: LogScenario = { ...scenario, kind: 'threshold', firing: [] };
    expect(judgeThreshold(rule, quiet, [], [subject]).passed).toBe(true);
    expect(judgeThreshold(rule, quiet, [], []).message).toContain('not at the threshold');
    expect(judgeThreshold(rule, quiet, [subject], [subject]).message).toContain('should be nothing');
  });
});
