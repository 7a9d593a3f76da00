import { SightlineError } from '../../../telemetry/errors.ts';

const secondsPerUnit = { s: 1, m: 60, h: 3600 } as const;

/**
 * Seconds of `90s`, `5m` or `1h`.
 * @throws SightlineError SL1706 for anything else
 */
export function parseDuration(text: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  const unit = match?.[2] as keyof typeof secondsPerUnit | undefined;
  if (unit !== undefined) return Number(match?.[1]) * secondsPerUnit[unit];
  throw new SightlineError('SL1706', {
    what: `${JSON.stringify(text)} is no duration`,
    where: '--for',
    fix: 'write a whole number and a unit: 30s, 5m or 1h',
  });
}
