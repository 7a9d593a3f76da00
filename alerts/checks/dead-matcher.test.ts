import { deadMatcher } from './dead-matcher.ts';
import { examples } from './support/examples.ts';

const published = (matcher: string) => `sum by (service) (rate(events_published_total{${matcher}}[5m])) > 0`;

examples(deadMatcher, {
  good: [
    ['a declared value', published('outcome="failure"')],
    ['a list of them', published('outcome=~"failure|retry"')],
    ['a pattern that one satisfies', published('outcome=~"fail.*"')],
    ['a group', published('outcome=~"(failure|other)"')],
    ['an excluded value', published('topic!="reminders"')],
    ['a value that an open label may have', published('pod="backend-api-0"')],
    ['whether the label is there', published('outcome!=""')],
    [
      'the same label of another’s metric',
      'sum(rate(promtail_dropped_entries_total{reason="line_too_long"}[5m])) > 0',
    ],
    ['one of those that emit it', published('service="sync"')],
    ['a component that exposes the same name', 'max(process_start_time_seconds{service="loki"}) > 0'],
  ],
  bad: [
    ['a value that is not declared', published('outcome="failed"'), 'failed is no value of outcome'],
    ['one in a list', published('outcome=~"failure|failed"'), 'failed'],
    ['a pattern that none satisfies', published('outcome=~"x.*"'), 'x.*'],
    ['an exclusion of nothing', published('topic!~"task-.*|audit"'), 'audit is no value of topic'],
    ['a service that does not emit it', published('service="audit"'), 'audit is no value of service'],
    ['an environment that there is not', 'max(up{environment="live"}) == 0', 'live'],
  ],
});
