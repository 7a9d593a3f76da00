import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';
import { isDiskTrouble } from './cache.ts';

/** Why a URL could not be had; never about what was in it. */
export class DownloadFailure extends Error {
  readonly hostUnreachable: boolean;
  constructor(message: string, hostUnreachable: boolean) {
    super(message);
    this.name = 'DownloadFailure';
    this.hostUnreachable = hostUnreachable;
  }
}

export interface DownloadLimits {
  /** Milliseconds to establish a connection. */
  readonly connectMs: number;
  /** Milliseconds without a byte, before the first one or between two. */
  readonly idleMs: number;
}

const defaultLimits: DownloadLimits = { connectMs: 5_000, idleMs: 30_000 };

/**
 * Downloads for one run. It remembers hosts that could not be reached, so that without a network the first tool
 * waits for one connection attempt and the others for none. Honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
 */
export class Downloader {
  readonly #agent: EnvHttpProxyAgent;
  readonly #firstContacts = new Map<string, Promise<DownloadFailure | undefined>>();
  readonly #signal: AbortSignal | undefined;

  constructor(env: NodeJS.ProcessEnv, signal?: AbortSignal, limits: DownloadLimits = defaultLimits) {
    const proxy = (name: string) => env[name] ?? env[name.toUpperCase()];
    const [http, https, none] = [proxy('http_proxy'), proxy('https_proxy'), proxy('no_proxy')];
    this.#signal = signal;
    this.#agent = new EnvHttpProxyAgent({
      connect: { timeout: limits.connectMs },
      headersTimeout: limits.idleMs,
      bodyTimeout: limits.idleMs,
      ...(http === undefined ? {} : { httpProxy: http }),
      ...(https === undefined ? {} : { httpsProxy: https }),
      ...(none === undefined ? {} : { noProxy: none }),
    });
  }

  /** The body as text. @throws {DownloadFailure} also when it is longer than `maxBytes`. */
  async text(url: string, maxBytes: number): Promise<string> {
    const parts: Buffer[] = [];
    const body = await this.#get(url);
    await this.#consume(url, body, maxBytes, async (chunks) => {
      for await (const chunk of chunks) parts.push(chunk);
    });
    return Buffer.concat(parts).toString('utf8');
  }

  /** Streams the body to a file and gives its SHA-256. @throws {DownloadFailure} also when longer than `maxBytes`. */
  async toFile(
    url: string,
    path: string,
    maxBytes: number,
    onBytes: (received: number, total: number | undefined) => void,
  ): Promise<{ readonly sha256: string; readonly bytes: number }> {
    const response = await this.#get(url);
    const total = Number(response.headers.get('content-length') ?? Number.NaN);
    const hash = createHash('sha256');
    let bytes = 0;
    await this.#consume(url, response, maxBytes, async (chunks) => {
      const meter = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          bytes += chunk.length;
          onBytes(bytes, Number.isNaN(total) ? undefined : total);
          done(null, chunk);
        },
      });
      await pipeline(chunks, meter, createWriteStream(path));
    });
    return { sha256: hash.digest('hex'), bytes };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #get(url: string): Promise<Response> {
    const { host } = new URL(url);
    const earlier = this.#firstContacts.get(host);
    if (earlier !== undefined) {
      const failure = await earlier;
      if (failure !== undefined) throw failure;
      return this.#request(url);
    }
    // The others wait for this attempt, rather than each finding out for itself that there is no network.
    const attempt = this.#request(url);
    this.#firstContacts.set(
      host,
      attempt.then(
        () => undefined,
        (error) => (error instanceof DownloadFailure && error.hostUnreachable ? error : undefined),
      ),
    );
    return attempt;
  }

  async #request(url: string): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(url, { dispatcher: this.#agent, signal: this.#signal ?? null });
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw new DownloadFailure(`${new URL(url).host} could not be reached (${reasonOf(error)})`, true);
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new DownloadFailure(`${url} answered ${response.status}`, false);
    }
    return response;
  }

  async #consume(
    url: string,
    response: Response,
    maxBytes: number,
    use: (chunks: AsyncIterable<Buffer>) => Promise<void>,
  ): Promise<void> {
    if (response.body === null) throw new DownloadFailure(`${url} answered without a body`, false);
    try {
      await use(limited(Readable.fromWeb(response.body), url, maxBytes));
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (error instanceof DownloadFailure || isDiskTrouble(error)) throw error;
      throw new DownloadFailure(`the download of ${url} broke off (${reasonOf(error)})`, false);
    }
  }
}

async function* limited(stream: Readable, url: string, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > maxBytes) throw new DownloadFailure(`${url} is larger than ${maxBytes} bytes`, false);
    yield buffer;
  }
}

/** undici says "fetch failed" and "terminated"; what a person needs is the cause's code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
