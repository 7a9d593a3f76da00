import { name } from './name.ts';
import { examples, sample } from './support/examples.ts';

const named = (text: string) => sample('up == 0', { name: text });

examples(name, {
  good: [
    ['PascalCase', named('HighErrorRatio')],
    ['digits', named('Http5xxRatio')],
    ['a word that begins like an environment', named('ProductMissing')],
  ],
  bad: [
    ['snake_case', named('high_error_ratio'), 'PascalCase'],
    ['a small letter first', named('highErrorRatio'), 'PascalCase'],
    ['spaces', named('High error ratio'), 'PascalCase'],
    ['an environment', named('ProdErrorRatio'), 'holds the environment prod'],
    ['one at the end', named('ErrorRatioStaging'), 'staging'],
  ],
});
