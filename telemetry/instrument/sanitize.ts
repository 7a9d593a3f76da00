import { redactionMark } from '../contract/logs.ts';
import { isRedactedName, scrubText } from './redact.ts';

/** Bounds of one log line's fields: what exceeds them is cut and marked, so that no value can stall a service. */
const maxDepth = 8;
const maxItems = 200;
const maxNodes = 2000;
const maxStringLength = 16 * 1024;

export type LoggableValue =
  | string
  | number
  | boolean
  | null
  | readonly LoggableValue[]
  | { readonly [key: string]: LoggableValue };

interface Walk {
  nodes: number;
  readonly ancestors: object[];
}

/** A plain copy of any value: secrets redacted by the name of their field, text scrubbed, sizes bounded. */
export function sanitize(value: unknown): LoggableValue | undefined {
  return walk(value, { nodes: 0, ancestors: [] });
}

export function cutText(text: string, maxLength = maxStringLength): string {
  return text.length <= maxLength
    ? text
    : `${text.slice(0, maxLength)}… [cut ${text.length - maxLength} characters]`;
}

function walk(value: unknown, state: Walk): LoggableValue | undefined {
  switch (typeof value) {
    case 'string':
      return scrubText(cutText(value));
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? null : walkObject(value, state);
    default:
      return undefined;
  }
}

function walkObject(value: object, state: Walk): LoggableValue | undefined {
  if (state.ancestors.includes(value)) return '[circular]';
  if (state.ancestors.length >= maxDepth || state.nodes >= maxNodes) return '[cut]';
  state.nodes += 1;
  state.ancestors.push(value);
  try {
    return walkMembers(value, state);
  } catch {
    return '[unreadable]';
  } finally {
    state.ancestors.pop();
  }
}

function walkMembers(value: object, state: Walk): LoggableValue | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return walkError(value, state);
  if (value instanceof Map) return walkEntries(mapEntries(value), state);
  if (value instanceof Set) return walkItems([...value], state);
  if (Array.isArray(value)) return walkItems(value, state);
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const json: unknown = value.toJSON();
    return json === value ? walkEntries(Object.entries(value), state) : walk(json, state);
  }
  return walkEntries(Object.entries(value), state);
}

function* mapEntries(map: ReadonlyMap<unknown, unknown>): Iterable<readonly [string, unknown]> {
  for (const [key, item] of map) yield [typeof key === 'string' ? key : scrubText(String(key)), item];
}

function walkItems(items: readonly unknown[], state: Walk): LoggableValue {
  const copies = items.slice(0, maxItems).map((item) => walk(item, state) ?? null);
  return items.length > maxItems ? [...copies, `[cut ${items.length - maxItems} items]`] : copies;
}

function walkEntries(entries: Iterable<readonly [string, unknown]>, state: Walk): LoggableValue {
  const copy: Record<string, LoggableValue> = {};
  let count = 0;
  for (const [key, item] of entries) {
    if (++count > maxItems) {
      copy['[cut]'] = 'too many fields';
      break;
    }
    const kept = isRedactedName(key) ? redactionMark : walk(item, state);
    if (kept !== undefined) copy[scrubText(cutText(key, 200))] = kept;
  }
  return copy;
}

function walkError(error: Error, state: Walk): LoggableValue {
  const entries: (readonly [string, unknown])[] = [
    ['type', error.name],
    ['message', error.message],
    ...Object.entries(error),
  ];
  if (error.cause !== undefined) entries.push(['cause', error.cause]);
  return walkEntries(entries, state);
}
