/** Milliseconds between an answer and the next question while log lines are live. */
const livePauseMs = 2000;

/** Asks again and again, each time a while after the last answer has come: a slow store still shows what it has. */
export class Repeat {
  readonly #ask: () => Promise<void>;
  readonly #pauseMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOn = false;
  #isAsking = false;

  /** @param ask shows what it gets, and why it got nothing */
  constructor(ask: () => Promise<void>, pauseMs = livePauseMs) {
    this.#ask = ask;
    this.#pauseMs = pauseMs;
  }

  set(on: boolean): void {
    this.#isOn = on;
    clearTimeout(this.#timer);
    this.#askLater();
  }

  #askLater(): void {
    if (this.#isOn && !this.#isAsking) this.#timer = setTimeout(() => void this.#askNow(), this.#pauseMs);
  }

  async #askNow(): Promise<void> {
    this.#isAsking = true;
    await this.#ask().catch(() => {});
    this.#isAsking = false;
    this.#askLater();
  }
}
