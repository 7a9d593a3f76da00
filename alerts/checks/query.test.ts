import { logql } from '../../telemetry/query/query.ts';
import { query } from './query.ts';
import { examples, sample } from './support/examples.ts';

examples(query, {
  good: [
    ['a query', 'max by (service) (up) == 0'],
    [
      'a log query with holes',
      sample('max by (service) (up) == 0', { logs: logql`{service="{{ $labels.service }}"}` }),
    ],
  ],
  bad: [
    ['a syntax error', 'max by (service (up)', 'syntax error'],
    ['a wrong type', 'rate(up) > 0', 'expected type'],
    [
      'an unknown series',
      'max by (service) (nothing)',
      'no contract and no catalogue declares this series: nothing',
    ],
    ['a label that the series never has', 'max(up{topic="reminders"}) == 0', 'the series has no label topic'],
    ['a grouping by one', 'max by (topic) (up) == 0', 'no series of this query has this label: topic'],
    [
      'an unknown label of streams',
      sample('up == 0', { logs: logql`{request_id="1"}` }),
      'log query: no log stream has the label',
    ],
  ],
});
