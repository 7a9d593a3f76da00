import { type OpenMetricsContentType, Registry } from 'prom-client';

export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/**
 * The registry in the format that the scraper asks for: OpenMetrics, with exemplars, where the Accept header
 * names it, as Prometheus does; the plain text format for everyone else.
 */
export async function expose(
  registry: Registry<OpenMetricsContentType>,
  accept: string | undefined,
): Promise<Exposition> {
  const openMetrics = await registry.metrics();
  return accept?.includes('application/openmetrics-text')
    ? { contentType: Registry.OPENMETRICS_CONTENT_TYPE, body: openMetrics }
    : { contentType: Registry.PROMETHEUS_CONTENT_TYPE, body: plainText(openMetrics) };
}

const header = /^# (HELP|TYPE) (\S+) (.*)$/;
const exemplar = / # \{[^\n]*$/;

/**
 * OpenMetrics as Prometheus text: no exemplars, no EOF, `_total` in the headers of counters. prom-client can
 * write both, but once it has written OpenMetrics its counters have lost their suffix in text.
 */
export function plainText(openMetrics: string): string {
  const lines = openMetrics.split('\n').filter((line) => line !== '# EOF');
  const counters = new Set(
    lines.flatMap((line) => {
      const [, keyword, name, rest] = header.exec(line) ?? [];
      return keyword === 'TYPE' && rest === 'counter' && name !== undefined ? [name] : [];
    }),
  );
  return lines
    .map((line) => {
      if (!line.startsWith('#')) return line.replace(exemplar, '');
      const [, keyword, name, rest] = header.exec(line) ?? [];
      return name !== undefined && counters.has(name) ? `# ${keyword} ${name}_total ${rest}` : line;
    })
    .join('\n');
}
