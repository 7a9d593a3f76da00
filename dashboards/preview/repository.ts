import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SightlineError } from '../../telemetry/errors.ts';
import { buildDashboards } from '../index.ts';
import type { DashboardModel } from './page/model.ts';

/** The dashboards that the preview shows, by uid. */
export type LoadDashboards = () => Promise<ReadonlyMap<string, DashboardModel>>;

/** Rendered dashboards are some 100 KB; a file beyond this is something else. */
const maxFileBytes = 5 * 1024 * 1024;

/** Generated in this process, with the contract's default thresholds. */
export const generated: LoadDashboards = async () =>
  new Map(buildDashboards().map(({ uid, json }) => [uid, JSON.parse(json) as DashboardModel]));

/**
 * Read from a directory and its subdirectories at each request, so that a new rendering shows on reload.
 * @throws SightlineError SL1612 when the directory or a file in it cannot be read
 */
export const readFrom =
  (directory: string): LoadDashboards =>
  async () => {
    const names = await readdir(directory, { recursive: true }).catch((cause: unknown) => {
      throw unreadable(directory, 'the directory cannot be read', cause);
    });
    const files = names.filter((name) => name.endsWith('.json')).sort();
    const models = await Promise.all(files.map((name) => readModel(join(directory, name))));
    return new Map(models.map((model) => [model.uid, model]));
  };

async function readModel(path: string): Promise<DashboardModel> {
  if ((await stat(path)).size > maxFileBytes)
    throw unreadable(path, `the file is larger than ${maxFileBytes} bytes`);
  let model: unknown;
  try {
    model = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, 'the file is not JSON', cause);
  }
  if (isDashboard(model)) return model;
  throw unreadable(path, 'the file is not a dashboard: it has no uid, title or panels');
}

const isDashboard = (value: unknown): value is DashboardModel =>
  typeof value === 'object' &&
  value !== null &&
  'uid' in value &&
  typeof value.uid === 'string' &&
  'title' in value &&
  'panels' in value &&
  Array.isArray(value.panels);

const unreadable = (where: string, what: string, cause?: unknown): SightlineError =>
  new SightlineError('SL1612', {
    what,
    where,
    fix: 'render the dashboards again with `npm run render`, or leave DASHBOARDS_DIR out',
    cause,
  });
