import { byStream, type Outgoing, parts, requestOf } from './outgoing.ts';
import type { PersistentPush } from './persistent-push.ts';
import { type Rejected, storeEntries } from './store-entries.ts';

/** Bytes from which on the streams of a push are enough, and the next are another push. */
const enoughForPush = 64 * 1024;

/** Entries for one push, and the labels of their streams. */
interface Push {
  readonly entries: readonly Outgoing[];
  readonly streams: readonly string[];
}

/** Divides entries by their streams into pushes of some size, a stream of more than `maxBytes` into several. */
function pushesOf(entries: readonly Outgoing[], maxBytes: number): readonly Push[] {
  const pushes: Push[] = [];
  let streams: string[] = [];
  let gathered: Outgoing[] = [];
  const close = (): void => {
    for (const part of parts(gathered, maxBytes)) pushes.push({ entries: part, streams });
    [streams, gathered] = [[], []];
  };
  let bytes = 0;
  for (const [labels, ofStream] of byStream(entries)) {
    streams.push(labels);
    gathered = gathered.concat(ofStream);
    bytes += ofStream.reduce((sum, { entries: some }) => sum + some.bytes.length, 0);
    if (bytes < Math.min(enoughForPush, maxBytes)) continue;
    close();
    bytes = 0;
  }
  close();
  return pushes;
}

/**
 * Brings entries of one organization to Loki, several pushes at once, those that may share a stream one after another:
 * of two of a stream at once Loki may lose one (docs/decisions/0020).
 */
export class StreamTurns {
  readonly #push: PersistentPush;
  readonly #maxPushBytes: number;
  readonly #last = new Map<string, Promise<unknown>>();

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
    const pushes = pushesOf(entries, this.#maxPushBytes).map((push) => {
      const request = requestOf(push.entries);
      return this.#inTurn(push.streams, () => storeEntries(this.#push, push.entries, signal, request));
    });
    await Promise.allSettled(pushes);
    return (await Promise.all(pushes)).flat();
  }

  /** Does the work when all is over that has to do with these streams and came before. */
  #inTurn<T>(streams: readonly string[], work: () => Promise<T>): Promise<T> {
    const turn = Promise.allSettled(streams.map((labels) => this.#last.get(labels))).then(work);
    for (const labels of streams) this.#last.set(labels, turn);
    const forget = (): void => {
      for (const labels of streams) if (this.#last.get(labels) === turn) this.#last.delete(labels);
    };
    turn.then(forget, forget);
    return turn;
  }
}
