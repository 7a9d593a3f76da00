import { randomUUID } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import type { DashboardModel } from './page/model.ts';

export type Dashboards = ReadonlyMap<string, DashboardModel>;

/** What those who look at dashboards are told when something changes. */
export interface SourceState {
  /** Of this process: a page that outlives it must not take the next one's revisions for those it knows. */
  readonly start: string;
  /** Grows with every change of what is shown. */
  readonly revision: number;
  /** Why the newest state is not shown; the last good one stays. */
  readonly problem?: string;
}

/** Dashboards that follow the files they come from. */
export interface DashboardSource {
  /** By uid. @throws SightlineError when there never was a good state */
  readonly load: () => Promise<Dashboards>;
  readonly state: () => SourceState;
  /** @returns what ends it */
  readonly subscribe: (listener: (state: SourceState) => void) => () => void;
  readonly close: () => void;
}

interface Watched {
  readonly read: () => Promise<Dashboards>;
  /** Read again when a file in one of them changes, at any depth. */
  readonly folders: readonly string[];
  readonly concerns: (file: string) => boolean;
}

/** Editors save in several steps: milliseconds to wait for the last of them. */
const settleMs = 40;

/** Keeps the last good state of what `read` gives, and reads again when files change. */
export function watchedSource({ read, folders, concerns }: Watched): DashboardSource {
  const listeners = new Set<(state: SourceState) => void>();
  let state: SourceState = { start: randomUUID(), revision: 1 };
  let good: { readonly dashboards: Dashboards; readonly text: string } | undefined;
  let reading: Promise<void> | undefined;
  let again = false;
  let settled: NodeJS.Timeout | undefined;
  let failure: unknown;
  let watching = true;

  const set = (next: SourceState): void => {
    if (next.revision === state.revision && next.problem === state.problem) return;
    state = next;
    for (const listener of listeners) listener(state);
  };
  const readOnce = async (): Promise<void> => {
    try {
      const dashboards = await read();
      const text = JSON.stringify([...dashboards.values()]);
      const changed = good !== undefined && good.text !== text;
      good = { dashboards, text };
      set({ start: state.start, revision: state.revision + (changed ? 1 : 0) });
    } catch (error) {
      failure = error;
      set({ ...state, problem: error instanceof Error ? error.message : String(error) });
    }
  };
  const refresh = async (): Promise<void> => {
    do {
      again = false;
      await readOnce();
    } while (again);
  };
  /** One reading at a time; what changes meanwhile is read after it. */
  const start = (): Promise<void> => {
    if (reading) again = true;
    reading ??= refresh().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const touched = (file: string | null): void => {
    if (file !== null && !concerns(file)) return;
    clearTimeout(settled);
    settled = setTimeout(() => void start(), settleMs);
  };
  const lost = (): void => {
    watching = false;
  };
  const watchers = folders.flatMap((folder) => watchFolder(folder, touched, lost));
  return {
    load: async () => {
      if (reading) await reading;
      else if (!good || !watching || watchers.length < folders.length) await start();
      if (good) return good.dashboards;
      throw failure;
    },
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      clearTimeout(settled);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** None where the folder is missing or the system has no watches left: it is then read at each request. */
function watchFolder(
  folder: string,
  touched: (file: string | null) => void,
  lost: () => void,
): readonly FSWatcher[] {
  try {
    const watcher = watch(folder, { recursive: true }, (_event, file) => touched(file));
    watcher.on('error', lost);
    return [watcher];
  } catch {
    return [];
  }
}
