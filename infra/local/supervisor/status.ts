import type { Problem } from '../../../telemetry/errors.ts';
import type { Extra } from '../extras.ts';

export type ProcessState =
  /** For its tool or for a process that must be healthy first; `detail` says which. */
  | 'waiting'
  /** Spawned, not healthy since. */
  | 'starting'
  /** Healthy at least once since it was spawned; see `health` for now. */
  | 'running'
  /** It ended and is started again after a while. */
  | 'backoff'
  /** Kept down on demand until a given time. */
  | 'held'
  /** Cannot be had; `error` has the reason and the fix. */
  | 'unavailable'
  | 'stopping'
  | 'stopped';

export type Health = 'unknown' | 'healthy' | 'unhealthy';

/** What `status --json` says of one process. Stable: fields are added, never renamed. */
export interface ProcessStatus {
  readonly name: string;
  readonly kind: 'service' | 'component';
  readonly title: string;
  readonly optional: boolean;
  readonly state: ProcessState;
  readonly health: Health;
  readonly pid: number | null;
  readonly url: string | null;
  readonly ports: readonly number[];
  /** Times it was started again since the supervisor began. */
  readonly restarts: number;
  /** Times it ended in a row without having been stable in between. */
  readonly failuresInARow: number;
  readonly detail: string;
  /** RFC 3339: when `state` became what it is. */
  readonly since: string;
  readonly lastExit?: string;
  readonly version?: string;
  readonly toolSource?: string;
  readonly error?: Problem;
  /** Its output, in CRI format. */
  readonly log: string;
}

export type StackState = 'starting' | 'healthy' | 'degraded' | 'stopping' | 'stopped';

/** What `status --json` prints. Stable: fields are added, never renamed. */
export interface StackStatus {
  readonly state: StackState;
  readonly stateDir: string;
  readonly portOffset: number;
  /** What it was started with beside the usual. */
  readonly with: readonly Extra[];
  /** `owner` is the pid of the `npm start` in the foreground that the stack ends with, if any. */
  readonly supervisor: {
    readonly pid: number;
    readonly startedAt: string;
    readonly owner: number | null;
  } | null;
  readonly processes: readonly ProcessStatus[];
}

/** A stack whose supervisor does not run. */
export function stoppedStack(stateDir: string, portOffset: number): StackStatus {
  return { state: 'stopped', stateDir, portOffset, with: [], supervisor: null, processes: [] };
}

/**
 * The stack's state from its processes': optional ones never count. What is wrong outweighs what is not yet there,
 * because it does not mend itself by waiting.
 */
export function overallState(processes: readonly ProcessStatus[]): StackState {
  const needed = processes.filter((process) => !process.optional);
  if (needed.some(isWrong)) return 'degraded';
  return needed.every((process) => process.state === 'running') ? 'healthy' : 'starting';
}

export function isWrong(process: ProcessStatus): boolean {
  switch (process.state) {
    case 'unavailable':
    case 'held':
    case 'backoff':
    case 'stopping':
    case 'stopped':
      return true;
    case 'running':
      return process.health !== 'healthy';
    case 'starting':
    case 'waiting':
      return false;
  }
}
