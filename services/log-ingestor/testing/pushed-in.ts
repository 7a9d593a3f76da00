import { uncompressed } from '../../kit/snappy.ts';
import { decodePush, type PushStream } from '../../pipeline/loki/push-proto.ts';
import type { PushRequest } from '../../pipeline/loki/push-request.ts';

/** What Loki is sent by a push. */
export const pushedIn = ({ body }: Pick<PushRequest, 'body'>): readonly PushStream[] =>
  decodePush(uncompressed(body));
