/** JSON with sorted keys, two spaces and a final line break, whatever order the object was built in. */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sorted(part) : part), 2)}\n`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
  );
}
