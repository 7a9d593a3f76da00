import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { overallState, type ProcessStatus, type StackStatus } from '../infra/local/supervisor/status.ts';
import { judge, lastLines, notHealthy } from './wait-for-health.ts';

function stack(...changes: readonly Partial<ProcessStatus>[]): StackStatus {
  const processes = changes.map(
    (change, index) =>
      ({
        name: `p${index}`,
        state: 'running',
        health: 'healthy',
        optional: false,
        failuresInARow: 0,
        detail: '',
        log: '/none',
        ...change,
      }) as ProcessStatus,
  );
  return {
    state: overallState(processes),
    stateDir: '/state',
    portOffset: 0,
    with: [],
    supervisor: null,
    processes,
  };
}

const building = { state: 'waiting', health: 'unknown', detail: 'building 3 of 9 packages' } as const;
const missing = { state: 'unavailable', health: 'unknown' } as const;
const crashing = { state: 'backoff', health: 'unknown', failuresInARow: 5 } as const;

it.for([
  ['all healthy', stack({}, {}), 'healthy'],
  ['a tool still being built', stack({}, building), 'waiting'],
  ['one that cannot be had while another is being built', stack(missing, building), 'waiting'],
  ['one that cannot be had and all else there', stack(missing, {}), 'hopeless'],
  ['an optional one that cannot be had', stack({ ...missing, optional: true }, {}), 'healthy'],
  ['one that crashes again and again, at once', stack(crashing, building), 'hopeless'],
  ['one that crashed once', stack({ ...crashing, failuresInARow: 1 }), 'waiting'],
  ['one that recovered after crashes', stack({ failuresInARow: 7, health: 'unhealthy' }), 'waiting'],
] as const)('%s: %s', ([, status, verdict]) => {
  expect(judge(status).kind).toBe(verdict);
});

it('says of a crashing process the reason, its last lines and where to look', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'sightline-lines-'));
  try {
    const log = path.join(directory, '0.log');
    const lines = Array.from(
      { length: 900 },
      (_, index) => `2026-11-21T10:00:00.000000000Z stderr F line ${index}`,
    );
    writeFileSync(log, `${lines.join('\n')}\n`);
    expect(lastLines(log, 2)).toEqual(['line 898', 'line 899']);
    const status = stack({ ...crashing, detail: 'exit code 7; starts again after 3 s', log });
    const error = notHealthy(status, status.processes);
    expect(error.message).toMatch(/^SL1008 the stack is degraded\n {2}p0 is backoff: exit code 7/);
    expect(error.message).toContain('| line 899');
    expect(error.where).toBe(log);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
