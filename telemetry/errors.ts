/**
 * Every failure that a person can cause or mend has a code, says what went wrong, where, and how to fix it.
 * The table is the only place where codes are declared; docs/reference/errors.md is generated from it.
 */
export const errorCodes = {
  // SL10xx: starting up, the command line
  // SL11xx: configuration and environment
  // SL12xx: the toolchain
  // SL13xx: the local supervisor, its state and its ports
  // SL14xx: the contract, queries, instrumentation
  // SL15xx: alerts, routing, inbox
  // SL16xx: dashboards, preview
  // SL17xx: services, events, faults
  // SL18xx: rendering and checking
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetail {
  /** What went wrong, with the value that was given. */
  readonly what: string;
  /** The file, field, variable, host or process it is about. */
  readonly where: string;
  /** The command or edit that mends it. */
  readonly fix: string;
  readonly cause?: unknown;
}

/** An error that is meant to be read by a person: `SL1203 what (where). Fix: …`. */
export class SightlineError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly where: string;
  readonly fix: string;

  constructor(code: ErrorCode, detail: ErrorDetail) {
    super(
      `${code} ${detail.what} (${detail.where}). Fix: ${detail.fix}`,
      detail.cause === undefined ? {} : { cause: detail.cause },
    );
    this.name = 'SightlineError';
    this.code = code;
    this.what = detail.what;
    this.where = detail.where;
    this.fix = detail.fix;
  }
}
