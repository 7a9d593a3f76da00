import { HttpProblem } from '../../../telemetry/instrument/problem.ts';

/** Of all that may be held at once, what one caller may hold. */
const shareOfOne = 0.5;

/** What one request holds of the budget. */
export interface Held {
  /** Holds this many bytes from now on, more or fewer. @throws HttpProblem 503 where they are not free */
  resize(bytes: number): void;
  release(): void;
}

/** Bytes of bodies that are in memory at once: of all callers, and a share of them of each. */
export class BodyBudget {
  readonly #most: number;
  readonly #byCaller = new Map<string, number>();
  #inFlight = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws HttpProblem 503 where so many bytes are not free */
  hold(caller: string, bytes: number): Held {
    let held = 0;
    const resize = (wanted: number): void => {
      const more = wanted - held;
      const own = (this.#byCaller.get(caller) ?? 0) + more;
      const others = own - wanted;
      // What a caller holds alone is never too much of a share: a limit of one body is another setting.
      const beyondShare = others > 0 && own > this.#most * shareOfOne;
      if (more > 0 && (beyondShare || this.#inFlight + more > this.#most)) {
        throw new HttpProblem(503, 'Too much is being taken in at once; try again', { retry_after: 1 });
      }
      held = wanted;
      this.#inFlight += more;
      if (own === 0) this.#byCaller.delete(caller);
      else this.#byCaller.set(caller, own);
    };
    resize(bytes);
    return { resize, release: () => resize(0) };
  }
}
