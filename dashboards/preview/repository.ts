import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SightlineError } from '../../telemetry/errors.ts';
import { type DashboardSource, type Dashboards, watchedSource } from './dashboard-source.ts';
import type { PreviewSettings } from './environment.ts';
import { generate, isSource, sourceFolders } from './generate.ts';
import type { DashboardModel } from './page/model.ts';

/** Rendered dashboards are some 100 KB; a file beyond this is something else. */
const maxFileBytes = 5 * 1024 * 1024;

/** The dashboards of the settings' directory, or generated from their sources; both follow what is saved. */
export const sourceOf = ({ dashboardsDir, dashboardOptions }: PreviewSettings): DashboardSource =>
  dashboardsDir === undefined
    ? watchedSource({
        read: () => generate(dashboardOptions),
        folders: sourceFolders,
        concerns: isSource,
      })
    : watchedSource({
        read: () => readDirectory(dashboardsDir),
        folders: [dashboardsDir],
        concerns: (file) => file.endsWith('.json'),
      });

/** @throws SightlineError SL1612 when the directory or a file in it or below it cannot be read */
async function readDirectory(directory: string): Promise<Dashboards> {
  const names = await readdir(directory, { recursive: true }).catch((cause: unknown) => {
    throw unreadable(directory, 'the directory cannot be read', cause);
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  const models = await Promise.all(files.map((name) => readModel(join(directory, name))));
  return new Map(models.map((model) => [model.uid, model]));
}

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
