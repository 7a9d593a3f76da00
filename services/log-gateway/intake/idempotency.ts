import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { Taken } from './take.ts';

interface Remembered {
  readonly digest: string;
  readonly answer: Promise<Taken>;
}

const dayMs = 86_400_000;
const key = /^[\x21-\x7e]{1,255}$/;

/**
 * Gives another try of a request the answer of the first, for a day. What is lost with the process is not the rest of
 * the promise: the ids come from the key, so that entries with times of their own are stored once all the same.
 */
export class IdempotentRequests {
  readonly #remembered = new LRUCache<string, Remembered>({ max: 20_000, ttl: dayMs });

  /** @throws HttpProblem 400 for what is no key, 422 where the key came with another body */
  async run(
    request: { readonly caller: string; readonly key: string; readonly body: Uint8Array },
    take: () => Promise<Taken>,
  ): Promise<{ readonly taken: Taken; readonly replayed: boolean }> {
    if (!key.test(request.key)) {
      throw new HttpProblem(400, 'An Idempotency-Key has 1 to 255 visible ASCII characters');
    }
    const name = `${request.caller}\n${request.key}`;
    const digest = createHash('sha256').update(request.body).digest('base64');
    const known = this.#remembered.get(name);
    if (known !== undefined) {
      if (known.digest === digest) return { taken: await known.answer, replayed: true };
      throw new HttpProblem(422, 'The Idempotency-Key was used with another body');
    }
    const answer = take();
    this.#remembered.set(name, { digest, answer });
    try {
      return { taken: await answer, replayed: false };
    } catch (error) {
      // It may be tried again: nothing is promised yet.
      this.#remembered.delete(name);
      throw error;
    }
  }
}
