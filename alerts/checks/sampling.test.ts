import { sampling } from './sampling.ts';
import { examples } from './support/examples.ts';

examples(sampling, {
  good: [['all of them', 'max by (pod) (up) == 0']],
  bad: [
    ['the largest', 'topk(3, event_consumer_lag) > 0', 'topk() chooses'],
    ['the smallest, inside', 'sum(bottomk(3, event_consumer_lag)) > 0', 'bottomk()'],
  ],
});
