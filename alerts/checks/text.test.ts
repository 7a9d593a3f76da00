import { examples, sample } from './support/examples.ts';
import { text } from './text.ts';

const saying = (summary: string) => sample('up == 0', { summary });

examples(text, {
  good: [
    ['a headline and what it means', saying('{{ $labels.service }} is down')],
    ['a long template in a short line', saying(`{{ if ${'eq $value 1.0 '.repeat(20)} }}down{{ end }}`)],
  ],
  bad: [
    ['no summary', saying(' '), 'its summary is empty'],
    ['two lines', saying('one\ntwo'), 'more than a line'],
    ['a long line', saying('too much '.repeat(20)), 'more than a line'],
    ['a sentence', saying('It is down.'), 'ends like a sentence'],
    ['no description', sample('up == 0', { description: '' }), 'says no more than the summary'],
    ['a short one', sample('up == 0', { description: 'It is down.' }), 'says no more'],
    [
      'the summary again',
      sample('up == 0', {
        summary: 'One of the services is down now',
        description: 'One of the services is down now',
      }),
      'says no more',
    ],
  ],
});
