const substitutes: Readonly<Record<string, string>> = {
  __rate_interval: '5m',
  __interval: '1m',
  __interval_ms: '60000',
  __range: '1h',
  __range_s: '3600',
  __range_ms: '3600000',
  __auto: '1m',
};

const variablePattern = /\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g;

/** Grafana's variables replaced by something of the same kind, so that the parsers can read the query. */
export function withoutVariables(query: string): string {
  return query.replace(variablePattern, (_, braced: string | undefined, plain: string | undefined) => {
    const name = braced ?? plain ?? '';
    return substitutes[name] ?? name;
  });
}

/** Names of the variables in a query, Grafana's own (`__interval`, …) left out. */
export function variablesOf(query: string): readonly string[] {
  const names = [...query.matchAll(variablePattern)].map((match) => match[1] ?? match[2] ?? '');
  return [...new Set(names)].filter((name) => !(name in substitutes));
}
