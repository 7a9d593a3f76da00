/** About the bytes of a JSON value, or undefined where it is nested deeper than `levels`. */
export function weighed(value: unknown, levels: number): number | undefined {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 5;
  if (levels === 0) return undefined;
  let sum = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      const weight = weighed(item, levels - 1);
      if (weight === undefined) return undefined;
      sum += weight + 1;
    }
    return sum;
  }
  for (const [key, item] of Object.entries(value)) {
    const weight = weighed(item, levels - 1);
    if (weight === undefined) return undefined;
    sum += key.length + weight + 4;
  }
  return sum;
}
