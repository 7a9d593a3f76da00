/** A value of Alloy's configuration language; `expression` is written as it is. */
export type AlloyValue =
  | string
  | number
  | boolean
  | readonly AlloyValue[]
  | { readonly [key: string]: AlloyValue }
  | AlloyExpression;

interface AlloyExpression {
  readonly expression: string;
}

/** A block: `name "label" { … }` with its attributes, and then the blocks in it. */
export interface AlloyBlock {
  readonly name: string;
  readonly label?: string;
  readonly attributes: Readonly<Record<string, AlloyValue>>;
  readonly blocks?: readonly AlloyBlock[];
}

/** What another component exports, or a call of a function. */
export const expression = (text: string): AlloyExpression => ({ expression: text });

/** The text of the blocks, as `alloy fmt` leaves it. */
export const writeAlloy = (blocks: readonly AlloyBlock[]): string =>
  `${blocks.map((block) => written(block, '')).join('\n\n')}\n`;

function written({ name, label, attributes, blocks = [] }: AlloyBlock, indent: string): string {
  const head = `${indent}${name}${label === undefined ? '' : ` ${JSON.stringify(label)}`} {`;
  const inner = `${indent}\t`;
  const keys = Object.keys(attributes);
  const longest = Math.max(0, ...keys.map((key) => key.length));
  const lines = Object.entries(attributes).map(
    ([key, value]) => `${inner}${key.padEnd(longest)} = ${writtenValue(value, inner)}`,
  );
  const parts = [
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    ...blocks.map((block) => written(block, inner)),
  ];
  return parts.length === 0 ? `${head} }` : `${head}\n${parts.join('\n\n')}\n${indent}}`;
}

const isExpression = (value: object): value is AlloyExpression => 'expression' in value;

function writtenValue(value: AlloyValue, indent: string): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => writtenValue(each, indent)).join(', ')}]`;
  if (isExpression(value)) return value.expression;
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const longest = Math.max(...entries.map(([key]) => key.length));
  const inner = `${indent}\t`;
  const lines = entries.map(
    ([key, each]) => `${inner}${key.padEnd(longest)} = ${writtenValue(each, inner)},`,
  );
  return `{\n${lines.join('\n')}\n${indent}}`;
}
