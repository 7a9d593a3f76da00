import { isOwn } from '../../../pipeline/loki/line.ts';
import { idLength, nameLength } from '../entry-schema.ts';
import { keepsItsPlace } from './json-reader.ts';
import { Remembered } from './spans.ts';

/** Members that are noted by where they are. */
export const named = [
  ...(['message', 'timestamp', 'level', 'service', 'source', 'host', 'logger'] as const),
  ...(['request_id', 'trace_id', 'span_id', 'user_id'] as const),
] as const;
export type Named = (typeof named)[number];
const namedTexts: readonly string[] = named;
export const messagePlace = named.indexOf('message');
const names: ReadonlySet<string> = new Set<Named>(['service', 'source', 'host', 'logger']);
const mayBeNumbers: ReadonlySet<string> = new Set<Named>(['timestamp', 'level']);

/** Where a member of an entry belongs. */
interface Role {
  /** Odd is what `Admission` reads, and a free field that is told apart from something of the entry's own. */
  readonly kind: 'named' | 'fields' | 'free' | 'odd';
  /** Among those that are named. */
  readonly place: number;
  /** Bytes of its text; that of the message has a limit of its own. */
  readonly longest: number;
  readonly mayBeNumber: boolean;
}

const roleOf = (kind: Role['kind'], place = -1): Role => {
  const name = named[place] ?? '';
  return {
    kind,
    place,
    longest: names.has(name) ? nameLength : idLength,
    mayBeNumber: mayBeNumbers.has(name),
  };
};
export const roles = new Remembered((bytes, start, end): Role => {
  const name = bytes.toString('utf8', start, end);
  const place = namedTexts.indexOf(name);
  if (place !== -1) return roleOf('named', place);
  if (name === 'fields' || name === 'metadata') return roleOf('fields');
  const isRead = name === 'tags' || name === 'organizationId';
  const isOdd = isRead || name === '' || isOwn(name) || !keepsItsPlace(bytes, start, end);
  return roleOf(isOdd ? 'odd' : 'free');
});
