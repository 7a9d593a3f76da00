import { absenceFor } from './absence-for.ts';
import { examples, sample } from './support/examples.ts';

const absent = 'absent(up{job="loki"})';
const gone = 'label_replace(vector(1), "service", "sync", "", "") unless on (service) (up == 1)';
const held = (duration: '15s' | '30s') => ({ for: { duration, because: 'a lost scrape' } });

examples(absenceFor, {
  good: [
    ['two scrapes', sample(absent, held('30s'))],
    ['what tests no absence', { ...sample('up == 0'), for: { duration: '1s', because: 'at once' } }],
  ],
  bad: [
    ['one scrape', sample(absent, held('15s')), '15s'],
    ['an absence written with unless', sample(gone, held('15s')), '15s'],
    ['a metric that was not there at once', { ...withoutFor(absent) }, 'a single evaluation'],
  ],
});

function withoutFor(expr: string) {
  const { for: _, ...rule } = sample(expr);
  return rule;
}
