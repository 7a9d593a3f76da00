import { durationMs } from '../../telemetry/query/scale-time.ts';
import { alertCheck } from './support/check.ts';

export const duration = alertCheck('duration', 'SL1508', ({ alert }) =>
  [alert.for, alert.keepFiringFor].flatMap((reasoned) =>
    reasoned && (durationMs(reasoned.duration) === undefined || reasoned.because.trim() === '')
      ? [{ what: `${reasoned.duration} is no duration, or has no reason`, fix: 'write both' }]
      : [],
  ),
);
