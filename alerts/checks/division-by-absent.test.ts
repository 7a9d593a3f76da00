import { divisionByAbsent } from './division-by-absent.ts';
import { examples } from './support/examples.ts';

const rate = (selector: string, range = '5m') => `sum by (service) (rate(${selector}[${range}]))`;
const failed = rate('events_published_total{outcome="failure"}');
const all = rate('events_published_total');
const other = rate('events_processed_total');

examples(divisionByAbsent, {
  good: [
    ['a part of its whole', `${failed} / ${all} > 0`],
    ['a guard', `${all} / ${other} > 0 and ${other} > 1`],
    ['a divisor that must not be 0', `${all} / (${other} > 0) > 0`],
    ['a number', `${all} / 60 > 0`],
    [
      'what one exporter always shows together',
      'min by (instance) (node_filesystem_avail_bytes / node_filesystem_size_bytes) < 1',
    ],
  ],
  bad: [
    ['another metric', `${all} / ${other} > 0`, 'can be 0 or missing'],
    ['the whole of another time', `${failed} / ${rate('events_published_total', '1h')} > 0`, 'can be 0'],
    [
      'the whole at another time',
      `${failed} / sum by (service) (rate(events_published_total[5m] offset 1h)) > 0`,
      'can be 0',
    ],
    ['the part as divisor', `${all} / ${failed} > 0`, 'can be 0'],
    ['a remainder', `${all} % ${other} > 0`, 'can be 0'],
    ['a guard of something else', `${all} / ${other} > 0 and ${all} > 1`, 'can be 0'],
    ['the number 0', `${all} / 0 > 0`, 'can be 0'],
    ['metrics of two exporters', 'max(kafka_brokers) / max(node_memory_MemTotal_bytes) > 0', 'can be 0'],
  ],
});
