import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { expressionOf, queriesOf, type SavedQuery, sourceOf } from '../../dashboards/queries/saved-query.ts';
import { datasources } from '../../telemetry/contract/links.ts';
import type { GrafanaClient } from './client.ts';

/** Where the queries are now, and how many were new, were another version, or were there already. */
export interface PushReport {
  readonly into: 'saved queries' | 'query history';
  /** `queries.grafana.app/v1`, where there are saved queries. */
  readonly api?: string;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

type Outcome = 'created' | 'updated' | 'unchanged';

const group = 'queries.grafana.app';
/** Those with the fields that are written here, the best first. */
const knownVersions = ['v1', 'v1beta1'] as const;

const groupShape = z.object({ versions: z.array(z.object({ version: z.string() })) });
const settingsShape = z.object({ namespace: z.string().regex(/^[a-z0-9-]{1,63}$/) });
const resourceShape = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z.record(z.string(), z.unknown()),
});
const historyShape = z.object({
  result: z.object({
    queryHistory: z.array(z.object({ uid: z.string(), comment: z.string(), queries: z.unknown() })),
  }),
});
const migratedShape = z.object({ totalCount: z.number() });
const anything = z.unknown();

/**
 * Brings the queries into Grafana: into the saved queries of its editions that have them, else into the history of
 * whoever's token it is. A second time nothing changes. Throws SL1634.
 */
export async function pushQueries(grafana: GrafanaClient, all: readonly SavedQuery[]): Promise<PushReport> {
  const served = await grafana.find(`/apis/${group}`, groupShape);
  const version = knownVersions.find((known) => served?.versions.some((each) => each.version === known));
  return version ? intoSavedQueries(grafana, all, version) : intoHistory(grafana, all);
}

/** What Grafana keeps of a query, in both of its APIs. */
function grafanaQuery(saved: SavedQuery) {
  const [query] = queriesOf(saved);
  const source = query && sourceOf(query) === 'prometheus' ? datasources.prometheus : datasources.loki;
  const { uid, type } = source;
  return {
    refId: 'A',
    datasource: { type, uid },
    expr: expressionOf(saved),
    queryType: 'range',
    editorMode: 'code',
  };
}

async function intoSavedQueries(
  grafana: GrafanaClient,
  all: readonly SavedQuery[],
  version: string,
): Promise<PushReport> {
  const { namespace } = await grafana.call('/api/frontend/settings', settingsShape);
  const collection = `/apis/${group}/${version}/namespaces/${namespace}/queries`;
  const outcomes: Outcome[] = [];
  for (const saved of all) outcomes.push(await save(grafana, collection, `${group}/${version}`, saved));
  return { into: 'saved queries', api: `${group}/${version}`, ...counted(outcomes) };
}

async function save(
  grafana: GrafanaClient,
  collection: string,
  apiVersion: string,
  saved: SavedQuery,
): Promise<Outcome> {
  const name = `sightline-${saved.id}`;
  const spec = {
    title: saved.title,
    description: `${saved.question} ${saved.whenToUse}`,
    isVisible: true,
    tags: ['sightline'],
    targets: [{ properties: grafanaQuery(saved) }],
  };
  const there = await grafana.find(`${collection}/${name}`, resourceShape);
  const wanted = { apiVersion, kind: 'Query', metadata: { name }, spec };
  if (there === undefined) {
    await grafana.call(collection, anything, { method: 'POST', body: wanted });
    return 'created';
  }
  // Grafana may add fields of its own.
  if (Object.entries(spec).every(([field, value]) => isDeepStrictEqual(there.spec[field], value)))
    return 'unchanged';
  // With the version that was read, so that a change of somebody else's meanwhile is not lost unseen.
  const { resourceVersion } = there.metadata;
  await grafana.call(`${collection}/${name}`, anything, {
    method: 'PUT',
    body: { ...wanted, metadata: { name, resourceVersion } },
  });
  return 'updated';
}

/** By which entries of earlier pushes are known again. */
const mark = (saved: SavedQuery): string => `Sightline ${saved.id}: `;

/** Marked with a star: all else Grafana forgets after two weeks. */
async function intoHistory(grafana: GrafanaClient, all: readonly SavedQuery[]): Promise<PushReport> {
  const now = Date.now();
  const search = new URLSearchParams([
    ...[datasources.loki, datasources.prometheus].map(({ uid }) => ['datasourceUid', uid]),
    ['searchString', 'Sightline '],
    ['onlyStarred', 'true'],
    ['sort', 'time-desc'],
    ['from', '0'],
    ['to', String(now + 86_400_000)],
    ['page', '1'],
    ['limit', '1000'],
  ]);
  const { result } = await grafana.call(`/api/query-history?${search}`, historyShape);
  const outcomes: Outcome[] = [];
  const fresh: SavedQuery[] = [];
  for (const saved of all) {
    const comment = commentOn(saved);
    const mine = result.queryHistory.filter((entry) => entry.comment.startsWith(mark(saved)));
    const current = mine.find(
      (entry) => entry.comment === comment && isDeepStrictEqual(entry.queries, [grafanaQuery(saved)]),
    );
    for (const { uid } of mine.filter((entry) => entry !== current))
      await grafana.call(`/api/query-history/${encodeURIComponent(uid)}`, anything, { method: 'DELETE' });
    if (!current) fresh.push(saved);
    outcomes.push(current ? 'unchanged' : mine.length > 0 ? 'updated' : 'created');
  }
  if (fresh.length > 0)
    await grafana.call('/api/query-history/migrate', migratedShape, {
      method: 'POST',
      body: { queries: fresh.map((saved) => historyEntry(saved, now)) },
    });
  return { into: 'query history', ...counted(outcomes) };
}

const commentOn = (saved: SavedQuery): string => `${mark(saved)}${saved.question}`;

const historyEntry = (saved: SavedQuery, now: number) => ({
  datasourceUid: grafanaQuery(saved).datasource.uid,
  queries: [grafanaQuery(saved)],
  // Seconds of the epoch.
  createdAt: Math.floor(now / 1000),
  comment: commentOn(saved),
  starred: true,
});

function counted(outcomes: readonly Outcome[]): Pick<PushReport, Outcome> {
  const count = (which: Outcome): number => outcomes.filter((outcome) => outcome === which).length;
  return { created: count('created'), updated: count('updated'), unchanged: count('unchanged') };
}
