import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { listenLocally } from './local-server.ts';

const query = z.strictObject({
  refId: z.string().min(1),
  datasource: z.strictObject({ type: z.enum(['loki', 'prometheus']), uid: z.string().min(1) }),
  expr: z.string().min(1),
  queryType: z.literal('range'),
  editorMode: z.literal('code'),
});
/** As `MigrateQueriesToQueryHistoryCommand` in Grafana's pkg/services/queryhistory/models.go. */
const migration = z.strictObject({
  queries: z.array(
    z.strictObject({
      datasourceUid: z.string().min(1).max(40),
      queries: z.array(query).min(1),
      // Seconds: the column of milliseconds is none.
      createdAt: z.int().min(1e9).max(1e10),
      comment: z.string(),
      starred: z.boolean(),
    }),
  ),
});
/** As `Query` of queries.grafana.app/v1 in Grafana's Terraform provider. */
const resource = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Query'),
  metadata: z.strictObject({
    name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
    resourceVersion: z.string().optional(),
  }),
  spec: z.strictObject({
    title: z.string().min(1),
    description: z.string(),
    isVisible: z.boolean(),
    tags: z.array(z.string()),
    targets: z.array(z.strictObject({ properties: query })).min(1),
  }),
});

type Entry = z.infer<typeof migration>['queries'][number] & { readonly uid: string };
type Resource = z.infer<typeof resource>;

export interface GrafanaOptions {
  readonly authorization: string;
  /** Versions of the saved-query API; none in the open source edition. */
  readonly savedQueryVersions?: readonly string[];
  /** Answers in place of Grafana where it answers anything. */
  readonly instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface GrafanaServer {
  readonly url: string;
  readonly history: Entry[];
  readonly saved: Map<string, Resource>;
  /** Method and path of each request that changed something. */
  readonly changes: string[];
  close(): Promise<void>;
}

class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Speaks Grafana's two APIs of kept queries, and takes nothing that Grafana would not. */
export async function startGrafana(options: GrafanaOptions): Promise<GrafanaServer> {
  const history: Entry[] = [];
  const saved = new Map<string, Resource>();
  const changes: string[] = [];
  const versions = options.savedQueryVersions ?? [];
  let made = 0;

  const inHistory = async (request: IncomingMessage, url: URL): Promise<unknown> => {
    if (request.method === 'GET') {
      const uids = url.searchParams.getAll('datasourceUid');
      const wanted = url.searchParams.get('searchString') ?? '';
      const found = history.filter(
        (entry) => uids.includes(entry.datasourceUid) && entry.starred && entry.comment.includes(wanted),
      );
      return { result: { totalCount: found.length, queryHistory: found, page: 1, perPage: 1000 } };
    }
    if (request.method === 'DELETE') {
      const index = history.findIndex(({ uid }) => url.pathname === `/api/query-history/${uid}`);
      if (index < 0) throw new Refused(404, 'Query in query history not found');
      history.splice(index, 1);
      return { message: 'Query deleted', id: index };
    }
    if (url.pathname !== '/api/query-history/migrate') throw new Refused(404, 'not found');
    const { queries } = await bodyOf(request, migration);
    for (const entry of queries) {
      made += 1;
      history.push({ ...entry, uid: `uid${made}` });
    }
    return { message: 'Query history successfully migrated', totalCount: queries.length, starredCount: 0 };
  };

  const inLibrary = async (request: IncomingMessage, url: URL): Promise<unknown> => {
    const path = /^\/apis\/queries\.grafana\.app(?:\/(\w+)\/namespaces\/stacks-7\/queries(?:\/(.+))?)?$/.exec(
      url.pathname,
    );
    const [, version, name] = path ?? [];
    if (!path || versions.length === 0) throw new Refused(404, '404 page not found');
    if (version === undefined)
      return {
        kind: 'APIGroup',
        name: 'queries.grafana.app',
        versions: versions.map((each) => ({ groupVersion: `queries.grafana.app/${each}`, version: each })),
      };
    if (!versions.includes(version)) throw new Refused(404, '404 page not found');
    const there = name === undefined ? undefined : saved.get(name);
    if (request.method === 'GET') return there ?? missing(name);
    const sent = await bodyOf(request, resource);
    if (sent.apiVersion !== `queries.grafana.app/${version}`) throw new Refused(400, 'wrong apiVersion');
    const key = sent.metadata.name;
    if (request.method === 'PUT') {
      if (there === undefined) return missing(name);
      if (key !== name) throw new Refused(400, 'the name of the object does not match the name on the URL');
      if (sent.metadata.resourceVersion !== there.metadata.resourceVersion)
        throw new Refused(409, 'conflict');
    } else if (name !== undefined || saved.has(key)) throw new Refused(409, 'already exists');
    made += 1;
    const kept = { ...sent, metadata: { ...sent.metadata, resourceVersion: String(made) } };
    saved.set(key, kept);
    return kept;
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (options.instead?.(request, response)) return;
    try {
      if (request.headers.authorization !== options.authorization) throw new Refused(401, 'Invalid API key');
      if (request.method !== 'GET') changes.push(`${request.method} ${url.pathname}`);
      const answer = url.pathname.startsWith('/api/query-history')
        ? await inHistory(request, url)
        : url.pathname === '/api/frontend/settings'
          ? { namespace: 'stacks-7' }
          : await inLibrary(request, url);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      const status = error instanceof Refused ? error.status : 500;
      response.writeHead(status).end(JSON.stringify({ message: String(error) }));
    }
  });
  const port = await listenLocally(server);
  return {
    url: `http://127.0.0.1:${port}`,
    history,
    saved,
    changes,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function missing(name = ''): never {
  throw new Refused(404, `queries.queries.grafana.app "${name}" not found`);
}

async function bodyOf<T>(request: IncomingMessage, shape: z.ZodType<T>): Promise<T> {
  if (request.headers['content-type'] !== 'application/json') throw new Refused(415, 'not JSON');
  const parsed = shape.safeParse(JSON.parse(await text(request)));
  if (!parsed.success) throw new Refused(400, `bad request data: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
