import { SightlineError } from '../../telemetry/errors.ts';
import type { PreviewSettings } from './environment.ts';
import type { Ask } from './page/load.ts';
import { readQuery, type Source } from './read-queries.ts';

const timeoutMs = 30_000;
const maxAnswerBytes = 20 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * Asks Prometheus, Loki or Alertmanager; the tenant is added here and nowhere else.
 * @throws SightlineError SL1614 refused, SL1615 no answer, SL1616 answer too large
 */
export async function ask(
  settings: PreviewSettings,
  source: Source,
  path: string,
  given: URLSearchParams,
): Promise<Answer> {
  const parameters = readQuery(source, path, given);
  const base = addressOf(settings, source);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (source === 'loki') {
    headers['x-scope-orgid'] = settings.lokiTenant;
    // Tells the labels of a stream from structured metadata and from what the query parsed.
    headers['x-loki-response-encoding-flags'] = 'categorize-labels';
  }
  try {
    const response = await fetch(`${base}${path}?${parameters.toString()}`, {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const contentType = response.headers.get('content-type') ?? 'text/plain';
    return { status: response.status, contentType, body: await bounded(response, base) };
  } catch (cause) {
    if (cause instanceof SightlineError) throw cause;
    const slow = cause instanceof Error && cause.name === 'TimeoutError';
    throw new SightlineError('SL1615', {
      what: slow ? `${source} did not answer in ${timeoutMs / 1000} s` : `${source} cannot be reached`,
      where: base,
      fix: slow ? 'choose a shorter time range' : `see whether ${source} runs: npm run status`,
      cause,
    });
  }
}

const addressOf = (settings: PreviewSettings, source: Source): string =>
  ({
    prometheus: settings.prometheusUrl,
    loki: settings.lokiUrl,
    alertmanager: settings.alertmanagerUrl,
  })[source];

async function bounded(response: Response, where: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxAnswerBytes)
      throw new SightlineError('SL1616', {
        what: `the answer is larger than ${maxAnswerBytes / 1024 / 1024} MiB`,
        where,
        fix: 'choose a shorter time range, or aggregate in the query',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The same for drawing on the server: JSON, or the data source's own message as an error. */
export const askDirectly =
  (settings: PreviewSettings): Ask =>
  async (source, path, parameters) => {
    const { status, body } = await ask(settings, source, path, new URLSearchParams(parameters));
    if (status < 300) return JSON.parse(body.toString()) as unknown;
    throw new SightlineError('SL1615', {
      what: `${source} answered ${status}: ${body.toString().slice(0, 500)}`,
      where: path,
      fix: 'mend the query',
    });
  };
