import { resultLabels } from './result-labels.ts';
import { examples, sample } from './support/examples.ts';

examples(resultLabels, {
  good: [['the labels that are declared', sample('max by (service) (up) == 0', { by: ['service'] })]],
  bad: [
    [
      'a label too few in `by`',
      sample('max by (service, topic) (event_consumer_lag) > 0', { by: ['service'] }),
      'keeps the label topic',
    ],
    [
      'a label too many',
      sample('max by (service) (up) == 0', { by: ['service', 'pod'] }),
      'does not keep the label pod',
    ],
  ],
});
