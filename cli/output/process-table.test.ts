import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ProcessStatus, StackStatus } from '../../infra/local/supervisor/status.ts';
import { renderStack, shorten } from './process-table.ts';

const process: ProcessStatus = {
  name: 'loki',
  kind: 'component',
  title: 'Logs',
  optional: false,
  state: 'running',
  health: 'healthy',
  pid: 42,
  url: 'http://127.0.0.1:3100',
  ports: [3100],
  restarts: 0,
  failuresInARow: 0,
  detail: '',
  since: '2026-11-21T10:00:00.000Z',
  version: '3.6.4',
  toolSource: 'cache',
  log: '/state/pods/x/0.log',
};

const stack: StackStatus = {
  state: 'degraded',
  stateDir: '/state',
  portOffset: 10_000,
  with: [],
  supervisor: { pid: 1, startedAt: '2026-11-21T10:00:00.000Z', owner: null },
  processes: [
    process,
    {
      ...process,
      name: 'promtail',
      state: 'waiting',
      health: 'unknown',
      pid: null,
      url: null,
      detail: 'building 412 of 900 packages, 1m12s',
    },
    { ...process, name: 'audit', restarts: 3, lastExit: 'exit code 3' },
    {
      ...process,
      name: 'grafana',
      state: 'unavailable',
      pid: null,
      detail: 'grafana could not be had',
      error: {
        code: 'SL1201',
        what: 'grafana could not be had',
        where: 'grafana',
        fix: 'connect to the network',
      },
    },
  ],
};

describe('the table', () => {
  it('says of each process its state, place, pid, restarts and what it is about', () => {
    expect(renderStack(stack, { colour: false, width: 120 })).toBe(
      [
        'Sightline degraded  ·  2 of 4 healthy  ·  port offset 10000  ·  /state',
        '',
        'name      state        url                    pid  restarts  detail',
        'loki      healthy      http://127.0.0.1:3100  42             Logs, 3.6.4 (cache)',
        'promtail  waiting      :3100                                 building 412 of 900 packages, 1m12s',
        'audit     healthy      http://127.0.0.1:3100  42   3         Logs, 3.6.4 (cache), last: exit code 3',
        'grafana   unavailable  http://127.0.0.1:3100                 grafana could not be had',
        '',
        'grafana is unavailable (SL1201)',
        '  grafana could not be had',
        '  fix: connect to the network',
      ].join('\n'),
    );
  });

  it('colours only when asked to, and then says the same', () => {
    const plain = renderStack(stack, { colour: false, width: 120 });
    const coloured = renderStack(stack, { colour: true, width: 120 });
    expect(coloured).not.toBe(plain);
    const withoutPadding = (text: string) => stripVTControlCharacters(text).replaceAll(/ +$/gm, '');
    expect(withoutPadding(coloured)).toBe(plain);
  });

  it('keeps within the width where the other columns leave room', () => {
    const lines = renderStack(stack, { colour: false, width: 90 }).split('\n');
    expect(lines.every((line) => line.length <= 90)).toBe(true);
    expect(lines.some((line) => line.endsWith('…'))).toBe(true);
  });
});

it('shortens to one line', () => {
  expect(shorten('a  b\nc', 10)).toBe('a b c');
  expect(shorten('abcdef', 4)).toBe('abc…');
});
