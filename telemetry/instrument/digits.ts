/** '000' to '999': looked up, because turning an ever new number into text and padding it showed in the profile. */
const triples: readonly string[] = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

/** @param value an integer from 0 to 999 */
export function threeDigits(value: number): string {
  return triples[value] ?? '000';
}

/** With three decimals, rounded: from integers, as the shortest form of a float is dear to find. `value` is 0 or more. */
export function thousandths(value: number): string {
  const scaled = Math.round(value * 1000);
  const whole = Math.floor(scaled / 1000);
  return `${whole}.${threeDigits(scaled - whole * 1000)}`;
}
