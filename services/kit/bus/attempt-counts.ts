/** Milliseconds that a call of the sidecar may take; an event waits for it. */
const timeoutMs = 2000;

/** Seconds after which a count is forgotten by itself: nothing is tried for so long. */
const ttlSeconds = 86_400;

/**
 * How often each event was handed over, in Dapr's state store: Dapr does not say, and a process that ends during a
 * delivery must know it afterwards.
 */
export class AttemptCounts {
  readonly #url: string;

  /** @param httpPort port of the sidecar's HTTP API on 127.0.0.1 */
  constructor(httpPort: number, stateStore: string) {
    this.#url = `http://127.0.0.1:${httpPort}/v1.0/state/${stateStore}`;
  }

  /** The attempt that begins now, from 1. Rejects when the store cannot be asked. */
  async next(eventId: string): Promise<number> {
    const known = await this.#call(`/${keyOf(eventId)}`, { method: 'GET' });
    const before = known === '' ? 0 : Number(JSON.parse(known));
    const attempt = (Number.isSafeInteger(before) && before > 0 ? before : 0) + 1;
    const state = [{ key: keyOf(eventId), value: attempt, metadata: { ttlInSeconds: String(ttlSeconds) } }];
    await this.#call('', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(state),
    });
    return attempt;
  }

  async forget(eventId: string): Promise<void> {
    await this.#call(`/${keyOf(eventId)}`, { method: 'DELETE' });
  }

  async #call(path: string, init: RequestInit): Promise<string> {
    const response = await fetch(`${this.#url}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    if (response.ok) return text;
    throw new Error(`Dapr's state store answered ${response.status}: ${text.slice(0, 500)}`);
  }
}

/** Safe in an address and in the names that Dapr makes of keys. */
const keyOf = (eventId: string): string => `attempts-${Buffer.from(eventId).toString('base64url')}`;
