/** Where a trace is shown: in the trace store where there is one, else its log lines by the saved query. */
export function traceLink(
  traceId: string,
  traceUrl: string | undefined,
): { readonly title: string; readonly href: string } {
  const id = encodeURIComponent(traceId);
  const short = traceId.slice(0, 8);
  return traceUrl === undefined
    ? { title: `Log lines of trace ${short}…`, href: `/queries/trace?trace_id=${id}` }
    : { title: `Trace ${short}…`, href: traceUrl.replaceAll('{trace_id}', id) };
}
