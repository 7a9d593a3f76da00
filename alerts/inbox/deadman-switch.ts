import { type DeadmanLimits, type DeadmanState, judgeHeartbeat } from './deadman.ts';
import type { InboxStore } from './store.ts';

/** What the inbox tells about the heartbeat, at `/api/heartbeat`. */
export interface DeadmanStatus {
  readonly state: DeadmanState;
  /** RFC 3339; null while it is not silent. */
  readonly silentSince: string | null;
  /** How long a heartbeat may be overdue. */
  readonly silenceSeconds: number;
}

export interface DeadmanReport {
  readonly state: 'silent' | 'beating';
  readonly text: string;
}

interface DeadmanOptions extends DeadmanLimits {
  readonly store: InboxStore;
  /** Called once when heartbeats stop and once when they return. */
  readonly report: (report: DeadmanReport) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Speaks when heartbeats stop, which Prometheus and Alertmanager cannot: they may be what stopped. */
export class DeadmanSwitch {
  readonly #options: Required<DeadmanOptions>;
  #watchingSince: number;
  #lastLook: number;

  constructor(options: DeadmanOptions) {
    this.#options = { now: Date.now, ...options };
    this.#watchingSince = this.#options.now();
    this.#lastLook = this.#watchingSince;
  }

  beat(): void {
    this.#options.store.beat(this.#options.now());
    this.look();
  }

  /** To be called more often than heartbeats come. */
  look(): void {
    const { store, now, silenceMs, report } = this.#options;
    const time = now();
    // The machine slept, and we with it: that no heartbeat came says nothing.
    if (time - this.#lastLook > silenceMs) this.#watchingSince = time;
    this.#lastLook = time;
    const state = this.#state();
    const wasSilent = store.silentSince() !== undefined;
    if (state === 'silent' && !wasSilent) {
      store.setSilentSince(time);
      report({ state, text: silentText(store.heartbeat()?.lastSeen, silenceMs) });
    } else if (state === 'beating' && wasSilent) {
      store.setSilentSince(undefined);
      report({ state, text: 'The heartbeat is back: alerts come through again.' });
    }
  }

  status(): DeadmanStatus {
    // Who asks is told nothing that has not been said.
    this.look();
    const since = this.#options.store.silentSince();
    return {
      state: this.#state(),
      silentSince: since === undefined ? null : new Date(since).toISOString(),
      silenceSeconds: this.#options.silenceMs / 1000,
    };
  }

  #state(): DeadmanState {
    const { store, now } = this.#options;
    const heartbeat = store.heartbeat();
    const record = {
      lastSeen: heartbeat && Date.parse(heartbeat.lastSeen),
      watchingSince: this.#watchingSince,
      silentSince: store.silentSince(),
    };
    return judgeHeartbeat(record, this.#options, now());
  }
}

function silentText(lastSeen: string | undefined, silenceMs: number): string {
  const since = lastSeen ? `since ${lastSeen}, for more than ${silenceMs / 1000} s` : 'so far';
  return `No heartbeat ${since}: alerts may reach nobody. Runbook: watchdog`;
}
