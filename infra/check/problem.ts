import type { ErrorCode } from '../../telemetry/errors.ts';

/** Something that a check found, in the words of a SightlineError. */
export interface Problem {
  readonly code: ErrorCode;
  readonly what: string;
  readonly where: string;
  readonly fix: string;
}
