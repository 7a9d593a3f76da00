import { beforeAll, describe, expect, it } from 'vitest';
import { type PushedStream, pushed, type Writing, wrote } from '../../alerts/log-scenarios/lines.ts';
import { savedQueries } from '../../dashboards/queries/index.ts';
import { expressionOf, queriesOf, type SavedQuery } from '../../dashboards/queries/saved-query.ts';
import { type EmptyLoki, withLoki } from '../../infra/check/logs/loki.ts';
import { environmentStack } from '../../infra/environment.ts';
import { savedQueryCases } from '../support/saved-query-lines.ts';
import { toolPath } from '../support/tools.ts';

let loki: string;
beforeAll(async () => {
  loki = await toolPath('loki');
});

const inLoki = <T>(use: (loki: EmptyLoki) => Promise<T>): Promise<T> =>
  withLoki(loki, environmentStack('local'), new AbortController().signal, use);

const ofLines = savedQueries.filter((saved) => saved.id in savedQueryCases);
const byId = (id: string): SavedQuery => {
  const saved = savedQueries.find((each) => each.id === id);
  if (!saved) throw new Error(`there is no saved query ${id}`);
  return saved;
};

/** Each line with an id of its own in the field `span_id`, by which it is known again. */
const withIds = (lines: readonly Writing[], prefix: string): readonly (readonly [string, Writing])[] =>
  lines.map((writing, index) => {
    const id = `${prefix}${index}`.padEnd(16, '0');
    return typeof writing.line === 'string'
      ? [id, { ...writing, line: `${writing.line} ${id}` }]
      : [id, { ...writing, line: { ...writing.line, fields: { ...writing.line.fields, span_id: id } } }];
  });

const idIn = (line: string): string => /\b[ab]\d+0+\b/.exec(line)?.[0] ?? `a line without id: ${line}`;
const streams = (lines: readonly (readonly [string, Writing])[], start: number): readonly PushedStream[] =>
  lines.map(([, writing]) => pushed(writing, start));

/** They give numbers, and have a test of their own. */
const ofCounts = ['error-bursts-by-pattern', 'noisy-loggers'];

describe('saved queries in a real Loki', () => {
  it('are all looked at', () => {
    const asked = savedQueries.filter((saved) => queriesOf(saved)[0]?.language === 'logql');
    const looked = [...Object.keys(savedQueryCases), ...ofCounts];
    expect(asked.map(({ id }) => id).sort()).toEqual(looked.sort());
  });

  it('that select lines find exactly the lines of their fault among decoys, and none without it', async () => {
    const start = Date.now() - 10 * 60_000;
    const range = [start / 1000, Date.now() / 1000] as const;
    const seen = await inLoki(async (empty) =>
      Promise.all(
        ofLines.map(async (saved) => {
          const { found, decoys } = savedQueryCases[saved.id] ?? { found: [], decoys: [] };
          const wanted = withIds(found, 'a');
          const others = streams(withIds(decoys, 'b'), start);
          await empty.push(`${saved.id}-fault`, [...others, ...streams(wanted, start)]);
          await empty.push(`${saved.id}-calm`, others);
          const expression = expressionOf(saved);
          const fault = await empty.lines(`${saved.id}-fault`, expression, ...range);
          const calm = await empty.lines(`${saved.id}-calm`, expression, ...range);
          const decoysThere = await empty.lines(`${saved.id}-calm`, '{service=~".+"}', ...range);
          return {
            id: saved.id,
            wanted: wanted.map(([id]) => id),
            fault: fault.map(idIn).sort(),
            calm: calm.map(idIn),
            decoys: [decoys.length, decoysThere.length],
          };
        }),
      ),
    );
    expect(seen).toHaveLength(Object.keys(savedQueryCases).length);
    for (const { id, wanted, fault, calm, decoys } of seen) {
      expect(fault, id).toEqual(wanted);
      expect(calm, id).toEqual([]);
      // The decoys were there to be found.
      expect(decoys[1], id).toBe(decoys[0]);
    }
  });

  it('with a value that looks like LogQL find the lines of that value only', async () => {
    const start = Date.now() - 10 * 60_000;
    const user_id = 'eve" or user_id != "\\`{}|~ é';
    const lines = [user_id, 'eve', 'ann'].map((user) =>
      wrote('backend-api', 'INFO', 'something happened', { user_id: user }, { at: '1m' }),
    );
    const found = await inLoki(async (empty) => {
      await empty.push(
        'quoted',
        lines.map((writing) => pushed(writing, start)),
      );
      return empty.lines(
        'quoted',
        expressionOf(byId('user-activity'), { user_id }),
        start / 1000,
        Date.now() / 1000,
      );
    });
    expect(found.map((line) => (JSON.parse(line) as { user_id: string }).user_id)).toEqual([user_id]);
  });

  it('that count lines count those of their fault', async () => {
    const start = Math.floor(Date.now() / 60_000) * 60_000 - 10 * 60_000;
    const at = start / 1000 + 240;
    const failed = (task: string): Writing =>
      wrote('sync', 'ERROR', `could not push task ${task} to 3 clients`, {}, { at: '1m' });
    const lines = [
      ...['17', '4711', '0b6f1c1e-5a5e-4c39-9d59-3c8a6e0f7d21'].map(failed),
      wrote('audit', 'CRITICAL', 'the trail ends', {}, { at: '1m', times: 2 }),
      wrote('audit', 'INFO', 'the trail goes on', {}, { at: '1m', times: 9 }),
    ];
    const counted = await inLoki(async (empty) => {
      await empty.push(
        'counts',
        lines.map((writing) => pushed(writing, start)),
      );
      const counts = async (id: string) =>
        (await empty.query('counts', expressionOf(byId(id)), at, at))
          .map(({ metric, values }) => [metric, Number(values[0]?.[1])] as const)
          .sort(([, a], [, b]) => b - a);
      return Promise.all(ofCounts.map(counts));
    });
    expect(counted[0]).toEqual([
      [{ service: 'sync', message: 'could not push task _ to _ clients' }, 3],
      [{ service: 'audit', message: 'the trail ends' }, 2],
    ]);
    expect(counted[1]).toEqual([
      [{ service: 'audit', logger: 'tasks', level: 'INFO' }, 9],
      [{ service: 'sync', logger: 'tasks', level: 'ERROR' }, 3],
      [{ service: 'audit', logger: 'tasks', level: 'CRITICAL' }, 2],
    ]);
  });
});
