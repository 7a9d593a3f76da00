/** A number from 0 to 1 that only the text decides (FNV-1a). */
export function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) / 0x1_0000_0000;
}

/** A smooth course between 0 and 1, the same on every run. @param second epoch seconds */
export function course(seed: number, second: number): number {
  const wave = (period: number, phase: number): number => Math.sin(second / period + seed * phase);
  return 0.5 + 0.25 * wave(397, 17) + 0.17 * wave(131, 41) + 0.08 * wave(47, 97);
}

/** Every hour one service has trouble: for how long in seconds, and when it begins. */
const hour = 3600;
const trouble = { service: 'backend-api', from: 1500, to: 2280, rise: 120 } as const;

/** How bad things are, 0 to 1. @param second epoch seconds */
export function troubleAt(second: number, service: string | undefined): number {
  if (service !== trouble.service) return 0;
  const at = second % hour;
  return Math.max(0, Math.min(1, (at - trouble.from) / trouble.rise, (trouble.to - at) / trouble.rise));
}

/** How much of the last trouble is not yet forgotten, 0 to 1: it grows while there is trouble, and fades until the next. */
export function aftermathAt(second: number, service: string | undefined): number {
  if (service !== trouble.service) return 0;
  const since = (second - trouble.from + hour) % hour;
  const lasts = trouble.to - trouble.from;
  return since < lasts ? since / lasts : 1 - (since - lasts) / (hour - lasts);
}
