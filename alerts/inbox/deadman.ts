/** How long a heartbeat may be overdue, unless configured: three intervals of the Watchdog's route. */
export const defaultSilenceSeconds = 180;

/** When a dead man's switch speaks, in milliseconds. */
export interface DeadmanLimits {
  /** Whether heartbeats come here at all, and not to a switch elsewhere. */
  readonly expected: boolean;
  /** How long a heartbeat may be overdue before something is wrong. */
  readonly silenceMs: number;
  /** How long the first one may take after a start: the stack's tools may still have to be built. */
  readonly graceMs: number;
}

/** What the switch knows. Times in milliseconds since the epoch. */
export interface HeartbeatRecord {
  readonly lastSeen?: number | undefined;
  /** Since when the switch has been there to receive heartbeats. */
  readonly watchingSince: number;
  /** When the switch spoke last, unless a heartbeat has come since. */
  readonly silentSince?: number | undefined;
}

export type DeadmanState =
  /** For the first heartbeat since a start. */
  'waiting' | 'beating' | 'silent' | 'off';

/**
 * Whether alerts still come through. A heartbeat from before a start says nothing by its age: nobody was there to
 * receive another. So after a short break it is expected within the usual time, after a long one within the grace.
 */
export function judgeHeartbeat(
  { lastSeen, watchingSince, silentSince }: HeartbeatRecord,
  { expected, silenceMs, graceMs }: DeadmanLimits,
  now: number,
): DeadmanState {
  if (!expected) return 'off';
  if (silentSince !== undefined && (lastSeen === undefined || lastSeen <= silentSince)) return 'silent';
  const continued = lastSeen !== undefined && watchingSince - lastSeen <= silenceMs;
  const deadline = continued ? Math.max(lastSeen, watchingSince) + silenceMs : watchingSince + graceMs;
  if (now >= deadline) return 'silent';
  return continued ? 'beating' : 'waiting';
}
