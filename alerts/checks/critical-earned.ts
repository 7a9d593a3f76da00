import { alertCheck } from './support/check.ts';

const fewestWords = 5;

/** That there is a claim at all is the type's doing. */
export const criticalEarned = alertCheck('critical-earned', 'SL1545', ({ alert }) => {
  if (alert.severity !== 'critical') return [];
  const words = alert.earned.because.split(/\s+/).filter((word) => word !== '');
  return words.length >= fewestWords
    ? []
    : [
        {
          what: `it pages for “${alert.earned.as}”, and does not say how this alert shows that`,
          fix: 'write in `earned.because` what happens within the hour if nobody acts, or make it a warning',
        },
      ];
});
