import { bucketBound } from './bucket-bound.ts';
import { examples } from './support/examples.ts';

const requests = (matcher: string) =>
  `sum by (service) (rate(http_server_request_duration_seconds_bucket{${matcher}}[5m])) > 0`;

examples(bucketBound, {
  good: [
    ['a bound', requests('le="0.5"')],
    ['a whole number, as Prometheus 3 stores it', requests('le="1.0"')],
    ['the last bucket', requests('le="+Inf"')],
    ['a list of bounds', requests('le=~"0\\\\.5|1\\\\.0"')],
    ['a pattern', requests('le!~".*Inf"')],
    ['large ones of others', 'sum by (service) (rate(dapr_http_server_latency_bucket{le="1e+06"}[5m])) > 0'],
  ],
  bad: [
    ['a whole number without a point', requests('le="1"'), 'le="1.0"'],
    ['the same in a list', requests('le=~"0\\\\.5|1"'), 'le="1.0"'],
    ['a bound that the histogram does not have', requests('le="0.3"'), 'has no bucket le="0.3"'],
    ['a large one in full', 'sum(rate(dapr_http_server_latency_bucket{le="1000000"}[5m])) > 0', 'le="1e+06"'],
    ['a tiny one in full', 'sum(rate(dapr_http_server_latency_bucket{le="0.00005"}[5m])) > 0', 'le="5e-05"'],
  ],
});
