import type { z } from 'zod';
import { SightlineError } from '../../telemetry/errors.ts';

const requestTimeoutMs = 15_000;
/** Largest answer that is read, in bytes: a thousand saved queries fit into it. */
const largestAnswer = 4 * 1024 * 1024;
/** Of what Grafana says about an error, in characters. */
const longestReason = 300;

/** Where a Grafana is, and who asks. */
export interface GrafanaAccess {
  readonly url: URL;
  readonly authorization: string;
}

interface GrafanaCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
}

export interface GrafanaClient {
  /** The answer, or undefined when there is no such thing (404). Throws SL1634 for every other failure. */
  find<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined>;
  /** The same for what must be there. */
  call<T>(path: string, shape: z.ZodType<T>, call?: GrafanaCall): Promise<T>;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * @param token of a service account, or `user:password`
 * @throws SL1635 when the address or the token cannot be used, or would be sent for everybody to read
 */
export function grafanaAccess(address: string, token: string | undefined): GrafanaAccess {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw unusable(
      `${JSON.stringify(address.replace(/\/\/[^/]*@/, '//…@').slice(0, 200))} is no address of a Grafana`,
      '--grafana',
      'give it as https://grafana.example.com, without user and password',
    );
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    throw unusable(
      'the token would travel without encryption',
      `--grafana ${url.origin}`,
      'use https, or forward a port to this machine and give http://127.0.0.1:<port>',
    );
  if (token === undefined || !/^[\x21-\x7e]{1,1000}$/.test(token))
    throw unusable(
      token === undefined ? 'there is no token' : 'the token is empty, too long or has spaces in it',
      'the environment variable GRAFANA_TOKEN',
      'set it to the token of a service account, or to user:password',
    );
  const basic = token.includes(':');
  return {
    url,
    authorization: basic ? `Basic ${Buffer.from(token).toString('base64')}` : `Bearer ${token}`,
  };
}

const unusable = (what: string, where: string, fix: string): SightlineError =>
  new SightlineError('SL1635', { what, where, fix });

/** Asks Grafana, with a limit of time and size, and never at another address than the one given. */
export function grafanaClient(access: GrafanaAccess, signal: AbortSignal): GrafanaClient {
  const base = access.url.href.replace(/\/+$/, '');

  async function ask(path: string, { method = 'GET', body }: GrafanaCall): Promise<Response> {
    try {
      return await fetch(base + path, {
        method,
        headers: {
          authorization: access.authorization,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // A redirect could lead the token elsewhere.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw refused(
        access,
        path,
        reasonOf(error),
        'see that Grafana runs there; redirects are not followed',
        error,
      );
    }
  }

  async function answerOf<T>(path: string, response: Response, shape: z.ZodType<T>): Promise<T> {
    const text = await limitedText(response).catch((error: unknown) => {
      signal.throwIfAborted();
      throw refused(access, path, reasonOf(error), 'see that a Grafana is there', error);
    });
    if (!response.ok)
      throw refused(
        access,
        path,
        `${response.status} ${text.slice(0, longestReason)}`,
        fixFor(response.status),
      );
    const parsed = shape.safeParse(json(text));
    if (!parsed.success)
      throw refused(
        access,
        path,
        'the answer is not the one that Grafana gives',
        'see that a Grafana is there',
      );
    return parsed.data;
  }

  return {
    async find(path, shape) {
      const response = await ask(path, {});
      if (response.status !== 404) return answerOf(path, response, shape);
      await response.body?.cancel();
      return undefined;
    },
    call: async (path, shape, call = {}) => answerOf(path, await ask(path, call), shape),
  };
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > largestAnswer) throw new Error(`the answer is larger than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

const fixFor = (status: number): string =>
  status === 401 || status === 403
    ? 'give a token that may do this; a service account needs the role Editor at least'
    : 'Grafana’s own log says more';

const refused = (
  { url }: GrafanaAccess,
  path: string,
  what: string,
  fix: string,
  cause?: unknown,
): SightlineError =>
  new SightlineError('SL1634', { what, where: `${url.origin}${path.split('?')[0]}`, fix, cause });
