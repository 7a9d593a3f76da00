import { LRUCache } from 'lru-cache';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { Taken } from './take.ts';

/** What must be the same for two requests to be tries of one. */
interface IdempotentRequest {
  readonly caller: string;
  /** Whose the entries are that do not say it; undefined where each says it. */
  readonly organization: string | undefined;
  readonly key: string;
  readonly digest: string;
}

interface Remembered {
  readonly digest: string;
  readonly answer: Promise<Taken>;
}

const dayMs = 86_400_000;
/** Bytes of answers that are kept at most: many refusals make a large one. */
const keptBytes = 64 * 1024 * 1024;
/** Bytes that a refusal has beside its reason; what an answer has beside its refusals is no more. */
const refusalBytes = 200;
const key = /^[\x21-\x7e]{1,255}$/;

/**
 * Gives another try of a request the answer of the first, for a day, as long as it is among the newest that are kept.
 * What is lost with the process is not the rest of the promise: the ids come from the key, so that entries with times
 * of their own are stored once all the same.
 */
export class IdempotentRequests {
  readonly #remembered = new LRUCache<string, Remembered>({ max: 20_000, maxSize: keptBytes, ttl: dayMs });

  /** @throws HttpProblem 400 for what is no key, 422 where the key came with another body */
  async run(
    request: IdempotentRequest,
    take: () => Promise<Taken>,
  ): Promise<{ readonly taken: Taken; readonly replayed: boolean }> {
    if (!key.test(request.key)) {
      throw new HttpProblem(400, 'An Idempotency-Key has 1 to 255 visible ASCII characters');
    }
    const { digest } = request;
    const name = `${request.caller}\n${request.organization ?? ''}\n${request.key}`;
    const known = this.#remembered.get(name);
    if (known !== undefined) {
      if (known.digest === digest) return { taken: await known.answer, replayed: true };
      throw new HttpProblem(422, 'The Idempotency-Key was used with another body');
    }
    const answer = take();
    this.#remembered.set(name, { digest, answer }, { size: name.length + refusalBytes });
    try {
      const taken = await answer;
      this.#remembered.set(name, { digest, answer }, { size: name.length + sizeOf(taken) });
      return { taken, replayed: false };
    } catch (error) {
      // It may be tried again: nothing is promised yet.
      this.#remembered.delete(name);
      throw error;
    }
  }
}

const sizeOf = ({ refusals }: Taken): number =>
  refusals.reduce((sum, { reason }) => sum + reason.length + refusalBytes, refusalBytes);
