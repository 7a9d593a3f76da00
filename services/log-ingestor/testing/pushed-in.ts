import { uncompressSync } from 'snappy';
import { decodePush, type PushStream } from '../../pipeline/loki/push-proto.ts';
import type { PushRequest } from '../../pipeline/loki/push-request.ts';

/** What Loki is sent by a push. */
export function pushedIn({ body }: Pick<PushRequest, 'body'>): readonly PushStream[] {
  const bytes = uncompressSync(body);
  return decodePush(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
}
