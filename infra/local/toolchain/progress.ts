import type { SightlineError } from '../../../telemetry/errors.ts';
import type { ToolName } from '../../versions.ts';

export interface FoundTool {
  readonly name: ToolName;
  /** As the binary reports it, without a leading v. */
  readonly version: string;
  /** Absolute. Grafana's home is two directories above it when the source is cache or release. */
  readonly path: string;
  readonly source: 'path' | 'cache' | 'release' | 'build' | 'package' | 'maven';
}

export type ToolStep =
  | 'looking'
  | 'waiting'
  | 'downloading'
  | 'verifying'
  | 'unpacking'
  | 'building'
  | 'installing'
  | 'ready'
  | 'failed';

export interface ToolProgress {
  readonly tool: ToolName;
  readonly step: ToolStep;
  /** `12.3 of 98.1 MB`, `412 of 900 packages`, or why a way was passed over. */
  readonly detail: string;
  /** Since findTools was called, in milliseconds. */
  readonly elapsedMs: number;
  readonly found?: FoundTool;
  readonly error?: SightlineError;
}

/** What each way of getting a tool reports through. */
export type Report = (step: ToolStep, detail: string) => void;

/** A way that did not lead to the tool: the reason goes on the list of the final error, the next way is tried. */
export interface Miss {
  readonly missed: string;
  /** What would have made this way work. */
  readonly fix?: string;
}

/** `12.3 MB`, in units of a million bytes as downloads are usually counted. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/**
 * Passes on every step, but of what a step counts (bytes, packages) only one report an interval, the newest. After
 * `stop` nothing comes any more.
 */
export function throttled(report: Report, everyMs: number): { readonly report: Report; stop(): void } {
  let lastStep: ToolStep | undefined;
  let lastAt = 0;
  let held: NodeJS.Timeout | undefined;
  const pass: Report = (step, detail) => {
    clearTimeout(held);
    held = undefined;
    lastStep = step;
    lastAt = Date.now();
    report(step, detail);
  };
  let newest = '';
  return {
    report(step, detail) {
      const counts = step === 'downloading' || step === 'building';
      const wait = lastAt + everyMs - Date.now();
      if (!counts || step !== lastStep || wait <= 0) return pass(step, detail);
      newest = detail;
      held ??= setTimeout(() => pass(step, newest), wait).unref();
    },
    stop: () => clearTimeout(held),
  };
}
