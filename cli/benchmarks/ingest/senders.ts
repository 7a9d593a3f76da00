import { Pool } from 'undici';
import { gatewayBodies, type NextBody, otlpBodies } from './lines.ts';
import { fastest, type LoadResult, type SendOnce } from './load.ts';
import { connections, type HowLong, largest } from './measured.ts';

/** How requests of so many events are sent. */
export type ToPeer = (pool: Pool, size: number) => SendOnce;

export function toGateway(pool: Pool, key: string, size: number): SendOnce {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return sender(pool, '/api/v1/logs', headers, gatewayBodies(size), 202);
}

export const toCollector: ToPeer = (pool, size) =>
  sender(pool, '/v1/logs', { 'content-type': 'application/x-protobuf' }, otlpBodies(size), 200);

export function toPushApi(pool: Pool, next: NextBody, organization?: string): SendOnce {
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    ...(organization === undefined ? {} : { 'x-scope-orgid': organization }),
  };
  return sender(pool, '/loki/api/v1/push', headers, next, 204);
}

/** The largest batches as fast as they are taken, over connections that are closed again. */
export async function fastestTo(
  url: string,
  send: ToPeer,
  howLong: HowLong,
  most: number = connections,
): Promise<LoadResult> {
  const pool = new Pool(url, { connections });
  try {
    return await fastest({ send: send(pool, largest), eventsPerRequest: largest, ...howLong }, most);
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
