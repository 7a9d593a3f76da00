import { setTimeout as delay } from 'node:timers/promises';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IRetryBackoffContext,
  retry,
  wrap,
} from 'cockatiel';
import type { PushClient, PushOutcome } from '../pipeline/loki/push-client.ts';
import type { PushRequest } from '../pipeline/loki/push-request.ts';

export interface PersistenceOptions {
  /** Tries after the first before the breaker opens. */
  readonly maxRetries: number;
  /** Milliseconds before the first retry; twice as long before each further, up to the maximum. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  readonly onRetry: (reason: string) => void;
  readonly onBreaker: (open: boolean, reason: string) => void;
}

/** What is not worth a retry: it is stored, or refused for what is in it, or other streams of it may be stored. */
export type Settled = Extract<PushOutcome, { readonly kind: 'stored' | 'rejected' | 'limited' }>;

type IsOutage = (refusal: Extract<PushOutcome, { readonly kind: 'rejected' }>) => Promise<boolean>;

/** How often a paused push looks whether the breaker lets it try again. */
const lookEveryMs = 50;

class NotStored extends Error {
  readonly retryAfterMs: number;

  constructor(outcome: Exclude<PushOutcome, { readonly kind: 'stored' | 'rejected' }>) {
    super(outcome.reason);
    this.retryAfterMs = outcome.kind === 'limited' ? (outcome.retryAfterMs ?? 0) : 0;
  }
}

/**
 * Pushes of one organization, which never give up: after the retries the breaker opens, and one try at a time finds out
 * whether Loki is back. An outage so delays entries and never makes them dead letters.
 */
export class PersistentPush {
  readonly #client: PushClient;
  readonly #organization: string;
  readonly #policy;
  readonly #breaker;

  constructor(client: PushClient, organization: string, options: PersistenceOptions) {
    this.#client = client;
    this.#organization = organization;
    const failures = handleWhen((error) => error instanceof NotStored);
    const wait = (attempt: number, error: unknown): number => {
      const longest = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** (attempt - 1));
      const asked = error instanceof NotStored ? error.retryAfterMs : 0;
      return Math.max(asked, longest * (0.5 + Math.random() / 2));
    };
    const retries = retry(failures, {
      maxAttempts: options.maxRetries,
      backoff: new DelegateBackoff(({ attempt, result }: IRetryBackoffContext<unknown>) =>
        wait(attempt, 'error' in result ? result.error : undefined),
      ),
    });
    this.#breaker = circuitBreaker(failures, {
      breaker: new ConsecutiveBreaker(1),
      halfOpenAfter: new DelegateBackoff(({ attempt, result }) =>
        wait(options.maxRetries + attempt, 'error' in result ? result.error : undefined),
      ),
    });
    retries.onRetry((failure) => options.onRetry(reasonOf(failure)));
    this.#breaker.onBreak((broken) => options.onBreaker(true, reasonOf(broken)));
    this.#breaker.onReset(() => options.onBreaker(false, ''));
    this.#policy = wrap(this.#breaker, retries);
  }

  get paused(): boolean {
    return this.#breaker.state !== CircuitState.Closed;
  }

  /**
   * Returns once it is settled.
   * @param isOutage whether a refusal is no matter of the content after all; then it is tried again
   * @throws the signal's reason when it is aborted before
   */
  async push(request: PushRequest, signal: AbortSignal, isOutage?: IsOutage): Promise<Settled> {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await this.#policy.execute(() => this.#settled(request, signal, isOutage));
      } catch (error) {
        if (error instanceof BrokenCircuitError) await delay(lookEveryMs, undefined, { signal });
        else if (!(error instanceof NotStored)) throw error;
      }
    }
  }

  /** One try, whatever comes of it. */
  once(request: PushRequest, signal: AbortSignal): Promise<PushOutcome> {
    return this.#client.push(this.#organization, request, signal);
  }

  async #settled(request: PushRequest, signal: AbortSignal, isOutage?: IsOutage): Promise<Settled> {
    signal.throwIfAborted();
    const outcome = await this.once(request, signal);
    if (outcome.kind === 'rejected' && (await isOutage?.(outcome))) {
      const { status, reason } = outcome;
      throw new NotStored({ kind: 'unavailable', reason: `everything is refused: ${status} ${reason}` });
    }
    const mayBeSplit = outcome.kind === 'limited' && outcome.scope === 'stream' && request.streams.length > 1;
    if (outcome.kind === 'stored' || outcome.kind === 'rejected' || mayBeSplit) return outcome;
    signal.throwIfAborted();
    throw new NotStored(outcome);
  }
}

function reasonOf(failure: object): string {
  return 'error' in failure && failure.error instanceof Error ? failure.error.message : '';
}
