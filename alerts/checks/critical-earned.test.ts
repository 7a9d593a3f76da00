import { criticalEarned } from './critical-earned.ts';
import { critical, examples, sample } from './support/examples.ts';

examples(criticalEarned, {
  good: [
    ['a reason', critical(sample())],
    ['a warning without one', sample()],
  ],
  bad: [
    ['no reason', critical(sample(), ' '), 'does not say how'],
    ['a word or two', critical(sample(), 'it is bad'), 'pages for “data loss”'],
  ],
});
