import { duration } from './duration.ts';
import { examples, sample } from './support/examples.ts';

const held = (length: '2m' | '1.5m' | '1h', because: string) =>
  sample('up == 0', { for: { duration: length, because } });

examples(duration, {
  good: [
    ['a duration with its reason', held('2m', 'a restart')],
    ['an hour', held('1h', 'a long restart')],
  ],
  bad: [
    ['a reason left out', held('2m', ' '), 'has no reason'],
    ['what Prometheus does not read', held('1.5m', 'a restart'), '1.5m is no duration'],
    [
      'the same of keepFiringFor',
      sample('up == 0', { keepFiringFor: { duration: '2m', because: '' } }),
      '2m',
    ],
  ],
});
