import { critical, examples, sample } from './support/examples.ts';
import { uniqueId } from './unique-id.ts';

examples(uniqueId, {
  good: [
    ['two names', [sample(), sample('up == 0', { name: 'Other' })]],
    ['two tiers', [sample(), critical(sample())]],
  ],
  bad: [['two of one name and tier', [sample(), sample('up == 0')], 'alert Sample-warning: 2 rules share']],
});
