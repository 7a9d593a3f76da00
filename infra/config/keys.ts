import { z } from 'zod';
import { schema } from './schema.ts';

/** A key of an environment file. */
export interface ConfigurationKey {
  /** From the root; `*` stands for a name that the writer of the file chooses. */
  readonly path: readonly string[];
  readonly description: string;
  /** What may stand there, in words. Empty for a group of keys. */
  readonly allowed: string;
  /** Of a value: text, number, yes or no, list. Empty for a group of keys. */
  readonly type: string;
  /** Must be there whenever its group is. */
  readonly required: boolean;
}

let known: readonly ConfigurationKey[] | undefined;

/** Every key, parents before children. Found when first asked for: a file without mistakes needs none. */
export function configurationKeys(): readonly ConfigurationKey[] {
  known ??= keysBelow(z.toJSONSchema(schema), []);
  return known;
}

type Node = z.core.JSONSchema.BaseSchema;

function keysBelow(node: Node, path: readonly string[]): readonly ConfigurationKey[] {
  const children = Object.entries(node.properties ?? {});
  const any = node.additionalProperties;
  if (typeof any === 'object') children.push(['*', any]);
  return children.flatMap(([name, child]) => {
    if (typeof child !== 'object') return [];
    const key: ConfigurationKey = {
      path: [...path, name],
      description: child.description ?? '',
      allowed: allowedIn(child),
      type: typeIn(child),
      required: node.required?.includes(name) ?? false,
    };
    return [key, ...keysBelow(child, key.path)];
  });
}

function allowedIn(node: Node): string {
  if (typeof node.allowed === 'string') return node.allowed;
  if (node.enum) return `one of ${node.enum.join(', ')}`;
  if (node.type === 'number') return `a number from ${node.minimum} to ${node.maximum}`;
  return '';
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'yes or no',
  array: 'list',
};

const typeIn = ({ type }: Node): string => (typeof type === 'string' ? (types[type] ?? '') : '');

/** The key at a path of a file, if there is one. */
export function keyAt(path: readonly PropertyKey[]): ConfigurationKey | undefined {
  return configurationKeys().find(
    (key) =>
      key.path.length === path.length &&
      key.path.every((name, index) => name === '*' || name === path[index]),
  );
}

/** Names of the keys that may stand directly below a path. */
export function namesBelow(path: readonly PropertyKey[]): readonly string[] {
  const parent = path.length === 0 ? [] : keyAt(path)?.path;
  return configurationKeys()
    .filter((key) => parent && key.path.slice(0, -1).join('\n') === parent.join('\n'))
    .filter((key) => key.path.length === path.length + 1)
    .map((key) => key.path.at(-1) ?? '');
}

/** Groups that have a key of this name; not those whose names the writer of a file chooses. */
export const groupsWith = (name: string): readonly string[] =>
  configurationKeys()
    .filter(({ path }) => path.at(-1) === name && path.length > 1 && !path.includes('*'))
    .map(({ path }) => path.slice(0, -1).join('.'));
