import { conflictingTiers } from './conflicting-tiers.ts';
import { critical, examples, sample } from './support/examples.ts';

const lag = 'max by (service) (event_consumer_lag)';
const tiers = (warning: string, page: string) => [sample(warning), critical(sample(page))];

examples(conflictingTiers, {
  good: [
    ['a warning before the page', tiers(`${lag} > 5`, `${lag} > 50`)],
    ['a warning above, the page above it', tiers(`${lag} < 5`, `${lag} < 1`)],
    ['tiers about different things', tiers(`${lag} > 50`, 'max by (service) (up) < 1')],
    ['a band', `${lag} > 5 and ${lag} < 50`],
    ['alternatives', `${lag} > 50 or ${lag} < 5`],
    [
      'guards that differ',
      tiers(`${lag} > 5 and max by (service) (up) > 3`, `${lag} > 50 and max by (service) (up) > 1`),
    ],
  ],
  bad: [
    ['a page before the warning', tiers(`${lag} > 50`, `${lag} > 5`), 'is reached before'],
    ['the same from below', tiers(`${lag} < 1`, `${lag} < 5`), 'is reached before'],
    [
      'the same over other ranges',
      tiers(
        'max by (service) (avg_over_time(event_consumer_lag[1h])) > 50',
        'max by (service) (avg_over_time(event_consumer_lag[5m])) > 5',
      ),
      'is reached before',
    ],
    ['the number on the left', tiers(`50 < ${lag}`, `5 < ${lag}`), 'is reached before'],
    ['tiers of which one always fires', tiers(`${lag} < 50`, `${lag} > 5`), 'one of them always does'],
    ['conditions that exclude each other', `${lag} > 50 and ${lag} < 5`, 'it never fires'],
    [
      'the same before `unless`',
      `(${lag} > 50 and ${lag} < 5) unless max by (service) (up) == 0`,
      'it never fires',
    ],
  ],
});
