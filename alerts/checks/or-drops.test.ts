import { orDrops } from './or-drops.ts';
import { examples } from './support/examples.ts';

const rate = (name: string) => `sum by (service) (rate(${name}[5m]))`;
const [published, processed] = [rate('events_published_total'), rate('events_processed_total')];

examples(orDrops, {
  good: [
    ['conditions', `${published} > 1 or ${processed} > 1`],
    ['a default', `sum(rate(events_published_total[5m])) or vector(0)`],
    ['what stands in for a value that is not there yet', `(${published} > 0 or ${processed}) > 1`],
    ['zeros for those that another series knows', `(${published} or 0 * ${processed}) > 1`],
    [
      'what is matched by fewer labels',
      `(${published} or on (service) 0 * sum by (service, topic) (rate(events_processed_total[5m]))) > 1`,
    ],
  ],
  bad: [
    ['two rates by fewer labels', `(${published} or on (service) ${processed}) > 1`, '`or` drops'],
    ['two rates', `(${published} or ${processed}) > 1`, '`or` drops'],
    ['a value and a condition', `${published} or ${processed} > 1`, '`or` drops'],
    [
      'different labels',
      `${published} > 1 or sum by (topic) (rate(events_processed_total[5m])) > 1`,
      'different labels (service; topic)',
    ],
  ],
});
