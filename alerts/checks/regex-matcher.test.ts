import { regexMatcher } from './regex-matcher.ts';
import { examples } from './support/examples.ts';

const up = (matcher: string) => `max(up{${matcher}}) == 0`;

examples(regexMatcher, {
  good: [
    ['an alternative', up('service=~"sync|audit"')],
    ['a pattern', up('pod=~"sync-.*"')],
    ['an equal sign', up('service="sync"')],
    ['an escaped dollar', up('pod=~"a.\\\\$"')],
  ],
  bad: [
    ['a plain text', up('service=~"sync"'), 'service=~"sync"'],
    ['a plain text that is excluded', up('service!~"sync"'), 'nothing to match but this text'],
    ['an anchor', up('pod=~"^sync-.*"'), 'matched anyway'],
    ['one at the end', up('pod=~"sync-.*$"'), 'matched anyway'],
    ['everything', up('service=~".*"'), 'every value matches'],
    ['nothing', up('service!~".*"'), 'no value is left'],
  ],
});
