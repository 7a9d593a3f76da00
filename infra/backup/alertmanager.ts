import { Agent, fetch } from 'undici';
import { z } from 'zod';
import { SightlineError } from '../../telemetry/errors.ts';
import { listedSilences, type Silence } from './silence.ts';

const requestTimeoutMs = 30_000;
/** Largest answer that is read, in bytes: ten thousand silences fit into it. */
const largestAnswer = 16 * 1024 * 1024;
/** Of what Alertmanager says about an error, in characters. */
const longestReason = 300;

/** Alertmanager's API, version 2, as far as silences go. */
export interface AlertmanagerClient {
  /** Those that are in force or yet to come; expired ones are left out. */
  readonly silences: () => Promise<readonly Silence[]>;
  readonly create: (silence: Silence) => Promise<void>;
}

/**
 * @param address what people open, with its path where it has one
 * @throws SightlineError SL1112 when the address cannot be used; its functions throw it for every failure
 */
export function alertmanagerClient(address: string, signal: AbortSignal): AlertmanagerClient {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw refused(
      `${JSON.stringify(address.slice(0, 200))} is no address of an Alertmanager`,
      '--url',
      'for example: --url http://127.0.0.1:9093',
    );
  const endpoint = `${url.href.replace(/\/+$/, '')}/api/v2/silences`;
  const dispatcher = new Agent({ maxResponseSize: largestAnswer });
  const where = `${url.origin}/api/v2/silences`;

  async function call(body?: unknown): Promise<unknown> {
    let response: Awaited<ReturnType<typeof fetch>>;
    let text: string;
    try {
      response = await fetch(endpoint, {
        dispatcher,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
        ...(body !== undefined && {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
      text = await response.text();
    } catch (cause) {
      signal.throwIfAborted();
      const reason =
        cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
      throw refused(reason, where, 'see that Alertmanager runs there; redirects are not followed', cause);
    }
    if (!response.ok)
      throw refused(
        `${response.status} ${text.slice(0, longestReason)}`,
        where,
        'Alertmanager’s own log says more',
      );
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw refused('the answer is not JSON', where, 'see that an Alertmanager is there', cause);
    }
  }

  const checked = <T>(shape: z.ZodType<T>, answer: unknown): T => {
    const parsed = shape.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw refused(
      'the answer is not the one of Alertmanager’s API v2',
      where,
      'see that an Alertmanager is there',
    );
  };

  return {
    silences: async () =>
      checked(listedSilences, await call())
        .filter(({ status }) => status.state !== 'expired')
        .map(({ id: _id, status: _status, ...silence }) => silence),
    create: async (silence) => {
      checked(z.object({ silenceID: z.string() }), await call(silence));
    },
  };
}

const refused = (what: string, where: string, fix: string, cause?: unknown): SightlineError =>
  new SightlineError('SL1112', { what, where, fix, cause });
