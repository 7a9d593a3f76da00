import { createHash } from 'node:crypto';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { LokiLine } from './loki-client.ts';

/** Characters of a digest: 48 bits, which tell the entries of one instant apart. */
const digestLength = 8;
/** Entries of one instant that a cursor can be in the midst of: its text must fit into the address of a request. */
const mostOfAnInstant = 1500;
const form = new RegExp(`^(\\d{19})((?:[\\w-]{${digestLength}}){0,${mostOfAnInstant}})$`);

/** Characters of a cursor. */
export const longestCursor = 19 + digestLength * mostOfAnInstant;

/** Where a search goes on. */
export interface Cursor {
  /** The instant of the last entry that was given: nanoseconds since the epoch. */
  readonly ns: string;
  /** Digests of the entries of that instant that were given. */
  readonly given: ReadonlySet<string>;
}

/** @throws HttpProblem 400 for what is no cursor of ours */
export function readCursor(text: string): Cursor {
  const [, ns, digests = ''] = form.exec(text) ?? [];
  if (ns === undefined) throw new HttpProblem(400, 'The cursor is none that a search gave');
  return { ns, given: new Set(digests.match(new RegExp(`.{${digestLength}}`, 'g'))) };
}

/**
 * Behind the last of these lines, which follow the ones before.
 * @throws HttpProblem 400 where more entries are of one instant than a cursor can tell
 */
export function cursorBehind(lines: readonly LokiLine[], before: Cursor | undefined): string | undefined {
  const last = lines.at(-1);
  if (last === undefined) return undefined;
  const same = lines.filter(({ ns }) => ns === last.ns).map(digestOf);
  const given = before?.ns === last.ns ? [...before.given, ...same] : same;
  if (given.length > mostOfAnInstant) {
    throw new HttpProblem(400, 'Too many entries are of one instant: ask for one service or level at a time');
  }
  return `${last.ns}${given.join('')}`;
}

export function digestOf({ line, labels }: LokiLine): string {
  const text = `${line}\n${Object.entries(labels).sort().join('\n')}`;
  return createHash('sha256').update(text).digest('base64url').slice(0, digestLength);
}
