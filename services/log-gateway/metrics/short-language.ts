import { quoted } from '../search/log-query.ts';

const word =
  /^(sum|avg|max|rate|p95|p99)\s+([A-Za-z_:][A-Za-z0-9_:]*)((?:\s+[A-Za-z_][A-Za-z0-9_]*=(?:"[^"]*"|[^\s"{}()]+))*)$/;
const pair = /([A-Za-z_][A-Za-z0-9_]*)=(?:"([^"]*)"|(\S+))/g;
/** Seconds that rates are taken over: long enough for a scrape interval of a minute. */
const rateWindow = '5m';

/**
 * PromQL of the short language `sum|avg|max|rate|p95|p99 metric label=value …`. What is none of it is PromQL already:
 * no expression of PromQL has this form.
 */
export function promqlOf(asked: string): string {
  const [, operation, metric = '', labels = ''] = word.exec(asked.trim()) ?? [];
  if (operation === undefined) return asked;
  const matchers = [...labels.matchAll(pair)].map(
    ([, label, inQuotes, bare]) => `${label}=${quoted(inQuotes ?? bare ?? '')}`,
  );
  const selector = (name: string): string => `${name}{${matchers.join(', ')}}`;
  switch (operation) {
    case 'rate':
      return `sum(rate(${selector(metric)}[${rateWindow}]))`;
    case 'p95':
    case 'p99': {
      const buckets = metric.endsWith('_bucket') ? metric : `${metric}_bucket`;
      const share = operation === 'p95' ? 0.95 : 0.99;
      return `histogram_quantile(${share}, sum by (le) (rate(${selector(buckets)}[${rateWindow}])))`;
    }
    default:
      return `${operation}(${selector(metric)})`;
  }
}
