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
  // Without an array of its entries: this runs for each entry that has fields. What JSON made has own members only.
  for (const key in value) {
    const weight = weighed(value[key as keyof typeof value], levels - 1);
    if (weight === undefined) return undefined;
    sum += key.length + weight + 4;
  }
  return sum;
}
