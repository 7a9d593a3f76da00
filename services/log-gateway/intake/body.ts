import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { constants, gunzip, zstdDecompress } from 'node:zlib';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { giveBack } from '../../kit/memory.ts';
import { BodyBudget, type Held } from './body-budget.ts';

const [unzip, unzstd] = [promisify(gunzip), promisify(zstdDecompress)];

export interface BodyLimits {
  readonly bodyBytes: number;
  readonly decompressedBytes: number;
  readonly inFlightBytes: number;
}

/** How much larger than itself a compressed body is expected to be; more is held only when there is more. */
const expectedRatio = 10;

/** Reads bodies of requests: so many bytes of one, and so many of all at once. */
export class BodyReader {
  readonly #limits: BodyLimits;
  readonly #budget: BodyBudget;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
    this.#budget = new BodyBudget(limits.inFlightBytes);
  }

  /**
   * Gives the body, decompressed, to `use`; its memory counts until that is done, and what `use` reserves beside it. Then
   * the body is gone.
   * @throws HttpProblem 400, 413, 415, 503
   */
  async read<T>(
    request: IncomingMessage,
    caller: string,
    use: (body: Buffer, reserve: (bytes: number) => void) => Promise<T>,
  ): Promise<T> {
    const { bodyBytes, decompressedBytes } = this.#limits;
    const encoding = encodingOf(request);
    const length = Number(request.headers['content-length'] ?? bodyBytes);
    if (length > bodyBytes) throw tooLarge(request);
    const expected = encoding === 'identity' ? length : Math.min(length * expectedRatio, decompressedBytes);
    const held = this.#held(request, caller, expected);
    try {
      const sent = await collected(request, bodyBytes);
      const body = encoding === 'identity' ? sent : await this.#opened(sent, encoding, expected, held);
      if (body !== sent) giveBack(sent);
      const { length: opened } = body;
      held.resize(opened);
      const used = await use(body, (bytes) => held.resize(opened + bytes));
      giveBack(body);
      return used;
    } finally {
      held.release();
    }
  }

  #held(request: IncomingMessage, caller: string, bytes: number): Held {
    try {
      return this.#budget.hold(caller, bytes);
    } catch (error) {
      request.resume();
      throw error;
    }
  }

  /** Never makes more than is held for it. */
  async #opened(sent: Buffer, encoding: Compression, expected: number, held: Held): Promise<Buffer> {
    const { decompressedBytes } = this.#limits;
    const body = await decompressed(sent, encoding, expected);
    if (body !== undefined) return body;
    if (expected < decompressedBytes) {
      held.resize(decompressedBytes);
      const all = await decompressed(sent, encoding, decompressedBytes);
      if (all !== undefined) return all;
    }
    throw new HttpProblem(413, 'The body is too large when decompressed');
  }
}

type Compression = 'gzip' | 'zstd';
type Encoding = 'identity' | Compression;

function encodingOf(request: IncomingMessage): Encoding {
  const named = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (named === 'identity' || named === 'gzip' || named === 'zstd') return named;
  if (named === 'x-gzip') return 'gzip';
  throw new HttpProblem(415, 'Content-Encoding must be gzip or zstd, or absent');
}

/** By events: leaving an iteration would destroy the connection, and with it the answer. */
function collected(request: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) {
        chunks.length = 0;
        request.removeAllListeners('data');
        reject(tooLarge(request));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(joined(chunks)));
    request.on('error', reject);
    request.on('close', () => {
      // An error is dear, and every request closes.
      if (!request.complete) reject(new HttpProblem(400, 'The body ended early'));
    });
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const all = Buffer.concat(chunks);
  for (const chunk of chunks) giveBack(chunk);
  return all;
}

/** What is still to come is read and dropped: the client reads its answer only when it has sent all. */
function tooLarge(request: IncomingMessage): HttpProblem {
  request.resume();
  return new HttpProblem(413, 'The body is too large');
}

/** Undefined where more than `most` bytes come out. @throws HttpProblem 400 for what is not compressed so */
async function decompressed(body: Buffer, encoding: Compression, most: number): Promise<Buffer | undefined> {
  try {
    if (encoding === 'gzip') return await unzip(body, { maxOutputLength: most });
    return await unzstd(body, {
      maxOutputLength: most,
      // A frame may ask for a window of 2 GB; 8 MB is what the format wants every decoder to take.
      params: { [constants.ZSTD_d_windowLogMax]: 23 },
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw new HttpProblem(400, `The body is no valid ${encoding}`);
  }
}

/** @throws HttpProblem 400 for what is no UTF-8 */
export function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new HttpProblem(400, 'The body is no valid UTF-8');
  return body.toString();
}

/** @throws HttpProblem 400 for what is no JSON */
export function jsonOf(body: Buffer): unknown {
  const text = textOf(body);
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'The body is not valid JSON');
  }
}
