import { alertCheck, type Finding } from './support/check.ts';

/** Longer summaries are cut by Slack and by phones. */
const longestSummary = 120;
const fewestWords = 6;

const withoutHoles = (text: string): string => text.replaceAll(/\{\{.*?\}\}/gs, 'x');
const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

export const text = alertCheck(
  'text',
  'SL1558',
  ({ alert: { summary, description } }): readonly Finding[] => [
    ...(summary.trim() === ''
      ? [{ what: 'its summary is empty', fix: 'say in one line what is wrong' }]
      : []),
    ...(summary.includes('\n') || withoutHoles(summary).length > longestSummary
      ? [
          {
            what: `its summary is more than a line of ${longestSummary} characters`,
            fix: 'move the rest to the description',
          },
        ]
      : []),
    ...(summary.trim() !== '' && /[.!]\s*$/.test(summary)
      ? [{ what: 'its summary ends like a sentence', fix: 'leave the full stop out: it is a headline' }]
      : []),
    ...(wordsOf(withoutHoles(description)).length < fewestWords || description.trim() === summary.trim()
      ? [
          {
            what: 'its description says no more than the summary',
            fix: 'say what it means for users or for what is stored, and what comes next',
          },
        ]
      : []),
  ],
);
