import { expect, it } from 'vitest';
import { runbook } from './runbook.ts';
import { complaintsAbout, exampleContext, examples, sample } from './support/examples.ts';

examples(runbook, {
  good: [['a runbook', sample()]],
  bad: [
    [
      'one that does not exist',
      [sample(), sample('up == 0', { name: 'Other', runbook: 'nowhere' })],
      'alert Other-warning: its runbook does not exist',
    ],
    [
      'a page that no rule uses',
      [sample('up == 0', { runbook: 'nowhere' })],
      'docs/runbooks/sample.md: no alert links',
    ],
  ],
});

it('refuses a runbook with an empty section', () => {
  const runbooks = new Map([['sample', '## Meaning\n\nx\n## Impact\n\n## Diagnosis\ny']]);
  expect(complaintsAbout(runbook, sample(), { ...exampleContext, runbooks })).toEqual([
    'alert Sample-warning: its runbook has nothing under Impact',
    'alert Sample-warning: its runbook has nothing under Mitigation',
  ]);
});
