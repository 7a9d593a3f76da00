import { logql } from '../../telemetry/query/query.ts';
import { examples, sample } from './support/examples.ts';
import { textLabels } from './text-labels.ts';

const down = 'max by (service) (up) == 0';

examples(textLabels, {
  good: [['a label that is kept', sample(down, { summary: '{{ $labels.service }} is down' })]],
  bad: [
    [
      'one that is aggregated away, in the summary',
      sample(down, { summary: '{{ $labels.pod }} is down' }),
      '{{ $labels.pod }}',
    ],
    ['in the description', sample(down, { description: '{{ $labels.pod }} is down' }), '{{ $labels.pod }}'],
    ['in the log query', sample(down, { logs: logql`{pod="{{ $labels.pod }}"}` }), '{{ $labels.pod }}'],
  ],
});
