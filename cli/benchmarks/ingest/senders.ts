import { Pool } from 'undici';
import { gatewayBodies, type NextBody, otlpBodies } from './lines.ts';
import { fastest, type LoadResult, type SendOnce } from './load.ts';
import { connectionsFor, connectionsOfSingles, type HowLong } from './measured.ts';

/** How requests of so many events are sent. */
export type Send = (pool: Pool, size: number) => SendOnce;

const otlpType = { 'content-type': 'application/x-protobuf' };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

export function jsonToGateway(key: string): Send {
  const headers = { 'content-type': 'application/json', ...bearer(key) };
  return (pool, size) => sender(pool, '/api/v1/logs', headers, gatewayBodies(size), 202);
}

export const otlpToGateway =
  (key: string): Send =>
  (pool, size) =>
    sender(pool, '/v1/logs', { ...otlpType, ...bearer(key) }, otlpBodies(size), 200);

export const toCollector: Send = (pool, size) => sender(pool, '/v1/logs', otlpType, otlpBodies(size), 200);

export function toPushApi(pool: Pool, next: NextBody, organization?: string): SendOnce {
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    ...(organization === undefined ? {} : { 'x-scope-orgid': organization }),
  };
  return sender(pool, '/loki/api/v1/push', headers, next, 204);
}

/** Batches as fast as they are taken, over connections that are closed again. */
export async function fastestTo(
  url: string,
  send: Send,
  batch: number,
  howLong: HowLong,
  most: number = connectionsFor(batch),
): Promise<LoadResult> {
  const pool = new Pool(url, { connections: connectionsOfSingles });
  try {
    return await fastest({ send: send(pool, batch), eventsPerRequest: batch, ...howLong }, most);
  } finally {
    await pool.destroy();
  }
}

function sender(
  pool: Pool,
  path: string,
  headers: Readonly<Record<string, string>>,
  next: NextBody,
  success: number,
): SendOnce {
  return async () => {
    const answer = await pool.request({ path, method: 'POST', headers, body: next() });
    await answer.body.dump();
    return answer.statusCode === success;
  };
}
