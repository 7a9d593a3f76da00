import { rateAfterAggregation } from './rate-after-aggregation.ts';
import { examples } from './support/examples.ts';

examples(rateAfterAggregation, {
  good: [
    ['the sum of rates', 'sum by (service) (rate(log_lines_total[5m])) > 0'],
    ['the maximum of a sum of rates', 'max_over_time(sum(rate(log_lines_total[5m]))[1h:1m]) > 0'],
    ['a rate of what is not aggregated', 'rate(log_lines_total[5m:1m]) > 0'],
  ],
  bad: [
    ['the rate of a sum', 'rate(sum(log_lines_total)[5m:1m]) > 0', 'before it looks for their resets'],
    ['the increase of a maximum in arithmetic', 'increase((max(log_lines_total) * 2)[5m:]) > 0', 'resets'],
  ],
});
