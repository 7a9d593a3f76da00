/** Lets one loop wait for something while another caller may call it out of the wait. */
export class Interrupt {
  #signal = Promise.withResolvers<void>();

  /** Ends every wait under way. */
  raise(): void {
    this.#signal.resolve();
    this.#signal = Promise.withResolvers<void>();
  }

  /** Resolves after this many milliseconds, or as soon as it is raised. */
  async sleep(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([elapsed, this.#signal.promise]);
    clearTimeout(timer);
  }

  /** Waits for `work`, or until raised with `enough` true. Rejects as `work` does. */
  async orUntil(work: Promise<unknown>, enough: () => boolean): Promise<void> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    while (!done && !enough()) await Promise.race([finished, this.#signal.promise]);
    if (!done) finished.catch(() => undefined);
  }
}
