import { examples, sample } from './support/examples.ts';
import { template } from './template.ts';

const saying = (summary: string) => sample('up == 0', { summary });

examples(template, {
  good: [
    ['a label', saying('{{ $labels.service }} is down')],
    ['a value in a format', saying('{{ $value | humanizePercentage }} fail')],
    ['a number with its format', saying('{{ printf "%.2f" $value }} a second')],
    ['a condition', saying('{{ if gt $value 1.0 }}many{{ else }}one{{ end }}')],
    ['a list', saying('{{ range query "up" }}{{ .Labels.job }} {{ end }}')],
    ['no template', saying('it is down')],
  ],
  bad: [
    ['a brace too few', saying('{{ $labels.service } is down'), 'summary: a {{ or }} has no partner'],
    ['a close without an open', saying('$labels.service }} is down'), 'no partner'],
    ['an unknown function', saying('{{ $value | humanizePercent }}'), 'no function humanizePercent'],
    ['an unknown variable', saying('{{ $label.service }} is down'), 'there is no $label'],
    ['an empty action', saying('{{ }} is down'), 'empty'],
    [
      'the same in a description',
      sample('up == 0', { description: '{{ $values }} are wrong' }),
      'description: there is no $values',
    ],
  ],
});
