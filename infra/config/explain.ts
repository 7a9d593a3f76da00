import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml';
import type { z } from 'zod';
import { SightlineError } from '../../telemetry/errors.ts';
import { nearestNames } from '../../telemetry/nearest.ts';
import { groupsWith, keyAt, namesBelow } from './keys.ts';

/** Something wrong with one key. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  /** What is wrong with what was given, and what is allowed. */
  readonly text: string;
}

/** An environment file as it was written. */
export interface SourceFile {
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** SL1103, with the line of each key. */
export function refusal(complaints: readonly Complaint[], source: SourceFile): SightlineError {
  const placed = complaints
    .map(({ path, text }) => ({ line: lineOf(path, source), key: path.join('.') || 'the file', text }))
    .sort((a, b) => a.line - b.line);
  return new SightlineError('SL1103', {
    what: placed.map(({ line, key, text }) => `line ${line}, ${key}: ${text}`).join('; '),
    where: `${source.name}:${placed[0]?.line ?? 1}`,
    fix: 'correct the lines; docs/reference/configuration.md lists every key',
  });
}

/** Line of the key, or of the nearest of its parents that is there; 1 in an empty file. */
function lineOf(path: readonly PropertyKey[], source: SourceFile): number {
  if (path.length === 0) return 1;
  const parent = source.document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => (isScalar(key) ? key.value : key) === path.at(-1))
    : undefined;
  const start = isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  return start === undefined ? lineOf(path.slice(0, -1), source) : source.lines.linePos(start).line;
}

/** What zod found, in words. */
export function complaintsOf(issues: readonly z.core.$ZodIssue[]): readonly Complaint[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => ({ path: [...issue.path, name], text: unknownKey(name, issue.path) }))
      : [{ path: issue.path, text: `${given(issue.input)}; allowed: ${allowed(issue)}` }],
  );
}

function unknownKey(name: string, parent: readonly PropertyKey[]): string {
  const elsewhere = groupsWith(name);
  if (elsewhere.length > 0) return `there is no such key here; it belongs below ${elsewhere.join(' or ')}`;
  const names = namesBelow(parent);
  const near = nearestNames(name, names);
  return near.length > 0
    ? `there is no such key; nearest: ${near.join(', ')}`
    : `there is no such key; allowed: ${names.join(', ')}`;
}

function given(input: unknown): string {
  if (input === undefined) return 'it is missing';
  const text = JSON.stringify(input);
  return `given ${text.length > 80 ? `${text.slice(0, 79)}…` : text}`;
}

function allowed(issue: z.core.$ZodIssue): string {
  // What is allowed in a list is said of the list.
  const key = keyAt(typeof issue.path.at(-1) === 'number' ? issue.path.slice(0, -1) : issue.path);
  // Rules that span several keys say more than the key alone.
  if (issue.code === 'custom' && issue.message !== 'Invalid input') return issue.message;
  const names = namesBelow(issue.path);
  return key?.allowed || (names.length > 0 ? `the keys ${names.join(', ')}` : issue.message);
}
