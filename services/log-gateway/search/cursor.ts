import { createHash } from 'node:crypto';
import { z } from 'zod';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import type { LokiLine } from './loki-client.ts';

const schema = z.strictObject({
  /** The instant of the last entry that was given. */
  t: z.string().regex(/^\d{19}$/),
  /** Digests of the entries of that instant that were given. */
  s: z.array(z.string().length(16)).max(5000),
});

/** Where a search goes on. */
export type Cursor = z.output<typeof schema>;

/** @throws HttpProblem 400 for what is no cursor of ours */
export function readCursor(text: string): Cursor {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new HttpProblem(400, 'The cursor is none that a search gave');
  }
}

/** Behind the last of these lines, which follow the ones before. */
export function cursorBehind(lines: readonly LokiLine[], before: Cursor | undefined): string | undefined {
  const last = lines.at(-1);
  if (last === undefined) return undefined;
  const same = lines.filter(({ ns }) => ns === last.ns).map(digestOf);
  const given = before?.t === last.ns ? [...before.s, ...same] : same;
  return Buffer.from(JSON.stringify({ t: last.ns, s: given } satisfies Cursor)).toString('base64url');
}

export function digestOf({ line, labels }: LokiLine): string {
  const text = `${line}\n${Object.entries(labels).sort().join('\n')}`;
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
