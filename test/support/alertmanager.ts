import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Routing } from '../../alerts/routing.ts';
import { type AlertmanagerOptions, renderAlertmanager } from '../../infra/render/alertmanager.ts';
import { freePorts } from './ports.ts';
import { type RunningTool, startTool, toolPath } from './tools.ts';
import { waitFor } from './wait.ts';

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Writes the files of Alertmanager below `directory` and gives the path of the main one. */
export async function writeAlertmanagerFiles(
  directory: string,
  routing: Routing,
  options: Omit<AlertmanagerOptions, 'templatesGlob'>,
): Promise<string> {
  await mkdir(path.join(directory, 'templates'), { recursive: true });
  const templatesGlob = path.join(directory, 'templates/*.tmpl');
  for (const [name, text] of renderAlertmanager(routing, { ...options, templatesGlob }))
    await writeFile(path.join(directory, name), text);
  return path.join(directory, 'alertmanager.yml');
}

export interface RunningAlertmanager extends RunningTool {
  readonly url: string;
  /** Tells it of alerts, as Prometheus would: begun now, or at an end. */
  post(alerts: readonly PostedAlert[], ended?: 'ended'): Promise<void>;
}

/** A real Alertmanager with the routing rendered below `directory`, on a port of its own. */
export async function startAlertmanager(
  directory: string,
  routing: Routing,
  options: Omit<AlertmanagerOptions, 'templatesGlob'>,
): Promise<RunningAlertmanager> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const file = await writeAlertmanagerFiles(directory, routing, options);
  const tool = startTool(await toolPath('alertmanager'), [
    `--config.file=${file}`,
    `--storage.path=${path.join(directory, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=${url}`,
    '--cluster.listen-address=',
  ]);
  await waitFor(`${url} to be ready`, async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined));
  return { ...tool, url, post: (alerts, ended) => post(url, alerts, ended === 'ended') };
}

async function post(url: string, alerts: readonly PostedAlert[], ended: boolean): Promise<void> {
  const now = Date.now();
  const body = alerts.map((alert) => ({
    ...alert,
    // Alertmanager tells of an alert older than the group wait at once, before the inhibiting one has to be there.
    startsAt: new Date(ended ? now - 60_000 : now).toISOString(),
    endsAt: new Date(ended ? now - 1000 : now + 600_000).toISOString(),
  }));
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`Alertmanager refuses the alerts: ${await response.text()}`);
}
