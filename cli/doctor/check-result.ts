import { SightlineError } from '../../telemetry/errors.ts';

/** What one check of the machine found. */
export interface CheckResult {
  readonly name: string;
  /** `warn`: the stack runs, but slower or with less; `fail`: it does not. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly fix?: string;
}

export function ok(name: string, detail: string): CheckResult {
  return { name, level: 'ok', detail };
}

export function warn(name: string, detail: string, fix: string): CheckResult {
  return { name, level: 'warn', detail, fix };
}

export function failed(name: string, detail: string, fix: string): CheckResult {
  return { name, level: 'fail', detail, fix };
}

/** Runs a check whose coded error is its finding. */
export async function checked(name: string, check: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    return failed(name, `${error.code} ${error.what} (${error.where})`, error.fix);
  }
}
