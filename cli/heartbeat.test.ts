import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessStatus, StackStatus } from '../infra/local/supervisor/status.ts';
import { listen } from '../telemetry/listen.ts';
import { type HeartbeatStatus, heartbeatLine, readHeartbeat } from './heartbeat.ts';

const answer: HeartbeatStatus = {
  heartbeat: { lastSeen: '2026-01-01T00:00:00.000Z', count: 3 },
  deadman: { state: 'beating', silentSince: null, silenceSeconds: 180 },
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function stackWithInbox(body: string): Promise<StackStatus> {
  const server = createServer((_request, response) => response.end(body));
  closing.push(() => server.close());
  const port = await listen(server, { HOST: '127.0.0.1', PORT: 0 }, 'SL1512');
  const inbox: ProcessStatus = {
    name: 'inbox',
    kind: 'component',
    title: '',
    optional: false,
    state: 'running',
    health: 'healthy',
    pid: 1,
    url: `http://127.0.0.1:${port}`,
    ports: [port],
    restarts: 0,
    failuresInARow: 0,
    detail: '',
    since: '',
    log: '',
  };
  return { state: 'healthy', stateDir: '', portOffset: 0, with: [], supervisor: null, processes: [inbox] };
}

describe('the heartbeat in the status', () => {
  it('is what the inbox says, and unknown when it says nothing that can be read', async () => {
    expect(await readHeartbeat(await stackWithInbox(JSON.stringify(answer)))).toEqual(answer);
    expect(await readHeartbeat(await stackWithInbox('<html>'))).toBeNull();
    expect(await readHeartbeat(await stackWithInbox('{}'))).toBeNull();
    const stack = await stackWithInbox('');
    expect(await readHeartbeat({ ...stack, processes: [] })).toBeNull();
  });

  const at = Date.parse('2026-01-01T00:00:12.000Z');
  it.each([
    ['beating', answer.heartbeat, 'Heartbeat: alerts come through, the last 12 s ago'],
    ['off', null, 'Heartbeat: goes to HEARTBEAT_URL, and not to the inbox'],
    ['waiting', null, 'Heartbeat: waiting for the first since the start, none so far'],
    [
      'silent',
      answer.heartbeat,
      'Heartbeat: LOST, the last 12 s ago: alerts may reach nobody (docs/runbooks/watchdog.md)',
    ],
  ] as const)('is told in a line: %s', (state, heartbeat, line) => {
    expect(heartbeatLine({ heartbeat, deadman: { ...answer.deadman, state } }, at)).toBe(line);
  });
  it('is told to be unknown', () => {
    expect(heartbeatLine(null, at)).toContain('unknown');
  });
});
