/** What nearly every file of ours is made of: maps and lists of one-line texts, numbers and truths. */
export type SimpleYaml =
  | string
  | number
  | boolean
  | readonly SimpleYaml[]
  | { readonly [key: string]: SimpleYaml | undefined };

/** Longer keys, and texts of several lines, are written in forms of their own. */
const longestKey = 1000;

const hasFormOfItsOwn = /[\p{Cc}\p{Cs}]|^---|^\.\.\./u;

export function isSimpleYaml(value: unknown): value is SimpleYaml {
  switch (typeof value) {
    case 'string':
      return !hasFormOfItsOwn.test(value);
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'boolean':
      return true;
    case 'object':
      return Array.isArray(value) ? value.every(isSimpleYaml) : isSimpleMap(value);
    default:
      return false;
  }
}

function isSimpleMap(value: object | null): boolean {
  if (value === null || Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return false;
  return Object.entries(value).every(
    ([key, part]) =>
      key.length <= longestKey && !hasFormOfItsOwn.test(key) && (part === undefined || isSimpleYaml(part)),
  );
}

/** Block style, two spaces a level; without the final line break. */
export function writeSimpleYaml(value: SimpleYaml, indent = ''): string {
  if (typeof value === 'string') return writeText(value);
  if (typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (isList(value))
    return value.length === 0
      ? '[]'
      : value.map((item) => `- ${writeSimpleYaml(item, inner)}`).join(`\n${indent}`);
  const lines: string[] = [];
  for (const [key, part] of Object.entries(value))
    if (part !== undefined)
      lines.push(`${writeText(key)}:${isFilled(part) ? `\n${inner}` : ' '}${writeSimpleYaml(part, inner)}`);
  return lines.length === 0 ? '{}' : lines.join(`\n${indent}`);
}

const isList = (value: SimpleYaml): value is readonly SimpleYaml[] => Array.isArray(value);

const isFilled = (value: SimpleYaml): boolean =>
  typeof value === 'object' && Object.values(value).some((part) => isList(value) || part !== undefined);

/** What has a meaning at the start of a text, or in the middle of it. */
const hasIndicator = /^[ ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-] |: | #|[ :]$/;

/** What YAML 1.2 reads as null, a truth or a number. */
const readsAsOther =
  /^(?:~|[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)?$/;

function writeText(text: string): string {
  if (!hasIndicator.test(text) && !readsAsOther.test(text)) return text;
  return text.includes('"') && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}
