import type { PersistentPush } from './persistent-push.ts';
import { type Outgoing, parts, type Rejected, storeEntries } from './store-entries.ts';

/** Streams are told apart by the slot that their labels fall into: as many pushes of an organization go on at once. */
const slots = 4;
/** Bytes of lines below which a push is not worth dividing. */
const smallPush = 64 * 1024;

/** Entries for one push, and the slots of their streams. */
interface Push {
  readonly entries: readonly Outgoing[];
  readonly slots: readonly number[];
}

/** Divides entries into pushes of about `maxBytes`: all streams together while they are few bytes, else slot by slot. */
export function pushesOf(entries: readonly Outgoing[], maxBytes: number): readonly Push[] {
  const ofSlots = new Map<number, Outgoing[]>();
  for (const [labels, ofStream] of Map.groupBy(entries, ({ labels }) => labels)) {
    const slot = slotOf(labels);
    ofSlots.set(slot, [...(ofSlots.get(slot) ?? []), ...ofStream]);
  }
  const bytes = entries.reduce((sum, { pushed }) => sum + pushed.line.length, 0);
  if (bytes < Math.min(smallPush, maxBytes))
    return entries.length === 0 ? [] : [{ entries, slots: [...ofSlots.keys()] }];
  return [...ofSlots].flatMap(([slot, ofSlot]) =>
    parts(ofSlot, maxBytes).map((part) => ({ entries: part, slots: [slot] })),
  );
}

/** Any hash does that is the same for the same labels. */
function slotOf(labels: string): number {
  let hash = 0;
  for (let at = 0; at < labels.length; at += 1) hash = (Math.imul(hash, 31) + labels.charCodeAt(at)) | 0;
  return (hash >>> 16) % slots;
}

/**
 * Brings entries of one organization to Loki, several pushes at once, those that may share a stream one after another:
 * of two of a stream at once Loki may lose one (docs/decisions/0020).
 */
export class StreamTurns {
  readonly #push: PersistentPush;
  readonly #maxPushBytes: number;
  readonly #last = new Map<number, Promise<unknown>>();

  constructor(push: PersistentPush, maxPushBytes: number) {
    this.#push = push;
    this.#maxPushBytes = maxPushBytes;
  }

  /** Loki takes nothing of the organization for now. */
  get paused(): boolean {
    return this.#push.paused;
  }

  /**
   * Gives those that Loki refuses for their content. Nothing of it is under way any more when it returns or throws.
   * @throws the signal's reason when it is aborted before all are stored
   */
  async store(entries: readonly Outgoing[], signal: AbortSignal): Promise<readonly Rejected[]> {
    const pushes = pushesOf(entries, this.#maxPushBytes).map((push) =>
      this.#inTurn(push.slots, () => storeEntries(this.#push, push.entries, signal)),
    );
    await Promise.allSettled(pushes);
    return (await Promise.all(pushes)).flat();
  }

  /** Does the work when all is over that took these slots before. */
  #inTurn<T>(slots: readonly number[], work: () => Promise<T>): Promise<T> {
    const turn = Promise.allSettled(slots.map((slot) => this.#last.get(slot))).then(work);
    for (const slot of slots) this.#last.set(slot, turn);
    return turn;
  }
}
