import { createServer, type Server } from 'node:http';
import { z } from 'zod';

const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({
        attributes: z.array(
          z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) }),
        ),
      }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.number(),
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface ReceivedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Absent on a root span. */
  readonly parentSpanId?: string;
  readonly name: string;
  /** OTLP's SpanKind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
}

/** Most spans that are kept; the oldest go first. */
const capacity = 50_000;

/** A real OTLP/HTTP endpoint that keeps what it gets; `GET /spans?trace_id=` gives it back as JSON. */
export async function startOtlpReceiver(): Promise<{ url: string; close: () => Promise<void> }> {
  let spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const traceId = new URL(request.url ?? '/', 'http://localhost').searchParams.get('trace_id');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(spans.filter((span) => span.traceId === traceId)));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      spans = [...spans, ...parseSpans(Buffer.concat(chunks).toString())].slice(-capacity);
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${portOf(server)}`, close: () => closed(server) };
}

function parseSpans(body: string): ReceivedSpan[] {
  return exported.parse(JSON.parse(body)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name');
    const service = name?.value.stringValue ?? '';
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(({ parentSpanId, ...span }) => ({
        service,
        ...span,
        ...(parentSpanId ? { parentSpanId } : {}),
      })),
    );
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
