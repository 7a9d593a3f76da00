import { SightlineError } from '../../../telemetry/errors.ts';
import type { ToolName } from '../../versions.ts';
import type { ProcessSpec } from '../process-spec.ts';

/** A tool as the toolchain found it; a subset of its FoundTool. */
interface AvailableTool {
  readonly path: string;
  readonly version: string;
  readonly source: string;
}

interface ToolStep {
  readonly tool: ToolName;
  readonly step: string;
  readonly detail: string;
  readonly elapsedMs: number;
}

/** The toolchain as the supervisor needs it; given to it, so that it can be run without one. */
export type FindTools = (
  names: readonly ToolName[],
  options: { readonly onProgress: (progress: ToolStep) => void; readonly signal: AbortSignal },
) => ReadonlyMap<ToolName, Promise<AvailableTool>>;

/** What is known of a tool at this moment. */
export interface ToolState {
  found: AvailableTool | undefined;
  /** What the toolchain is doing about it, with the time it has taken. */
  detail: string;
  /** Rejects with a SightlineError when it cannot be had. */
  readonly ready: Promise<void>;
}

/** Sets the toolchain to work on every tool of the plan at once. */
export function seekTools(
  processes: readonly ProcessSpec[],
  findTools: FindTools,
  signal: AbortSignal,
): ReadonlyMap<ToolName, ToolState> {
  const names = [...new Set(processes.flatMap(({ run }) => ('tool' in run ? [run.tool] : [])))];
  const states = new Map<ToolName, ToolState>();
  if (names.length === 0) return states;
  // All there before the toolchain begins: its first report may come at once.
  const coming = Promise.withResolvers<ReadonlyMap<ToolName, Promise<AvailableTool>>>();
  for (const name of names) states.set(name, expect(name, coming.promise));
  const onProgress = ({ tool, step, detail, elapsedMs }: ToolStep): void => {
    const state = states.get(tool);
    if (state !== undefined) state.detail = `${step} ${detail}, ${elapsed(elapsedMs)}`;
  };
  coming.resolve(findTools(names, { onProgress, signal }));
  return states;
}

function expect(name: ToolName, coming: Promise<ReadonlyMap<ToolName, Promise<AvailableTool>>>): ToolState {
  const ready = coming
    .then((tools) => tools.get(name))
    .then(
      (tool) => {
        state.found = tool;
      },
      (error: unknown) => {
        throw asSightlineError(name, error);
      },
    );
  // The processes that need it may not be waiting yet.
  ready.catch(() => undefined);
  const state: ToolState = { found: undefined, detail: 'looking for it', ready };
  return state;
}

/** `48s`, `1m12s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

function asSightlineError(name: ToolName, error: unknown): SightlineError {
  if (error instanceof SightlineError) return error;
  return new SightlineError('SL1305', {
    what: `${name} cannot be had: ${error instanceof Error ? error.message : String(error)}`,
    where: name,
    fix: 'npm run doctor names what is missing',
    cause: error,
  });
}
