import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { uncompressed } from '../../../services/kit/snappy.ts';
import { decodePush } from '../../../services/pipeline/loki/push-proto.ts';

export interface RecordingLoki {
  readonly url: string;
  messages(): string[];
  tenants(): ReadonlySet<string>;
  /** As in LogQL. */
  streams(): ReadonlySet<string>;
  close(): void;
}

/** Takes every push, and knows what came. */
export async function startRecordingLoki(): Promise<RecordingLoki> {
  const messages: string[] = [];
  const tenants = new Set<string>();
  const streams = new Set<string>();
  const server = createServer(async (request, response) => {
    const body = uncompressed(await buffer(request));
    tenants.add(String(request.headers['x-scope-orgid']));
    for (const { labels, entries } of decodePush(body)) {
      streams.add(labels);
      for (const { line } of entries) messages.push(String(JSON.parse(line).message));
    }
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    messages: () => messages,
    tenants: () => tenants,
    streams: () => streams,
    close: () => void server.close(),
  };
}
