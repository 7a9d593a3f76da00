import { seriesAbsentLocally } from '../../telemetry/catalogue/absent-locally.ts';

/** Streams that the local stack does not have, as panels select them, with what would bring them. */
const absentStreams: ReadonlyMap<string, string> = new Map([['container="daprd"', 'Dapr']]);

const names = (query: string, series: string): boolean =>
  new RegExp(`(?<![\\w:])${series}(?![\\w:])`).test(query);

/**
 * Why a query finds nothing on the local stack, if it is declared so. `test/binaries/panels.test.ts` sees each such
 * query find something in what was recorded, and `test/e2e/panels-on-stack.test.ts` that nothing else is empty.
 * @param query as the panel or the variable has it, before variables are filled in
 */
export function elsewhere(query: string): string | undefined {
  for (const [series, reason] of seriesAbsentLocally()) if (names(query, series)) return reason;
  for (const [selector, reason] of absentStreams) if (query.includes(selector)) return reason;
  return undefined;
}
