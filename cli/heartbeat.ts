import { z } from 'zod';
import type { StackStatus } from '../infra/local/supervisor/status.ts';

/** Longest that the inbox may take to say how the heartbeat is, in milliseconds. */
const timeoutMs = 2000;

const answer = z.object({
  heartbeat: z.object({ lastSeen: z.iso.datetime(), count: z.number() }).nullable(),
  deadman: z.object({
    state: z.enum(['waiting', 'beating', 'silent', 'off']),
    silentSince: z.iso.datetime().nullable(),
    silenceSeconds: z.number(),
  }),
});

export type HeartbeatStatus = z.infer<typeof answer>;

/** What the dead man's switch says of a running stack; null when its inbox does not answer. */
export async function readHeartbeat({ processes }: StackStatus): Promise<HeartbeatStatus | null> {
  const inbox = processes.find(({ name, state }) => name === 'inbox' && state === 'running');
  if (!inbox?.url) return null;
  try {
    const response = await fetch(`${inbox.url}/api/heartbeat`, { signal: AbortSignal.timeout(timeoutMs) });
    return answer.safeParse(await response.json()).data ?? null;
  } catch {
    return null;
  }
}

/** @param now milliseconds since the epoch */
export function heartbeatLine(status: HeartbeatStatus | null, now: number): string {
  if (status === null) return 'Heartbeat: unknown, the inbox does not answer';
  const { heartbeat, deadman } = status;
  const last = heartbeat
    ? `the last ${Math.max(0, Math.round((now - Date.parse(heartbeat.lastSeen)) / 1000))} s ago`
    : 'none so far';
  return {
    beating: `Heartbeat: alerts come through, ${last}`,
    waiting: `Heartbeat: waiting for the first since the start, ${last}`,
    off: 'Heartbeat: goes to HEARTBEAT_URL, and not to the inbox',
    silent: `Heartbeat: LOST, ${last}: alerts may reach nobody (docs/runbooks/watchdog.md)`,
  }[deadman.state];
}
