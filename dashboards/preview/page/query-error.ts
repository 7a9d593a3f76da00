/** Where in a query an error lies; lines and columns count from 1. */
export interface ErrorPlace {
  readonly line: number;
  readonly column: number;
}

/** The place that Prometheus (`1:8: parse error`) or Loki (`parse error at line 1, col 5`) names. */
export function errorPlace(message: string): ErrorPlace | undefined {
  const found =
    /\b(\d{1,6}):(\d{1,6}): parse error/.exec(message) ??
    /parse error at line (\d{1,6}), col (\d{1,6})/.exec(message);
  return found ? { line: Number(found[1]), column: Math.max(1, Number(found[2])) } : undefined;
}

/** The line of the query with what stands before the error, at it, and behind it. */
export function errorExcerpt(
  expr: string,
  { line, column }: ErrorPlace,
): { readonly before: string; readonly at: string; readonly after: string } {
  const text = expr.split('\n')[line - 1] ?? '';
  const at = Math.min(column - 1, text.length);
  return { before: text.slice(0, at), at: text.slice(at, at + 1) || '␣', after: text.slice(at + 1) };
}
