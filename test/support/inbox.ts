import path from 'node:path';
import type { Incident } from '../../alerts/inbox/pagerduty.ts';
import type { ReceivedMessage } from '../../alerts/inbox/store.ts';
import { freePorts } from './ports.ts';
import { type RunningTool, startTool } from './tools.ts';
import { waitFor } from './wait.ts';

export interface RunningInbox extends RunningTool {
  readonly url: string;
  /** The newest messages, newest first. */
  messages(channel?: string): Promise<readonly ReceivedMessage[]>;
  incidents(): Promise<readonly Incident[]>;
  ask<T>(where: string): Promise<T>;
}

/** The real inbox as a process of its own, on a port of its own unless one is given. */
export async function startInbox(
  directory: string,
  env: NodeJS.ProcessEnv = {},
  port?: number,
): Promise<RunningInbox> {
  const [free = 0] = port === undefined ? await freePorts(1) : [port];
  const url = `http://127.0.0.1:${free}`;
  const main = path.join(import.meta.dirname, '../../alerts/inbox/main.ts');
  const tool = startTool(process.execPath, [main], { PORT: String(free), DATA_DIR: directory, ...env });
  const ask = async <T>(where: string): Promise<T> => (await fetch(url + where)).json() as Promise<T>;
  await waitFor(`${url} to answer`, async () => ((await fetch(`${url}/health`)).ok ? true : undefined));
  return {
    ...tool,
    url,
    ask,
    messages: async (channel) => {
      const query = channel === undefined ? '' : `&channel=${channel}`;
      return (await ask<{ messages: ReceivedMessage[] }>(`/api/messages?limit=1000${query}`)).messages;
    },
    incidents: async () => (await ask<{ incidents: Incident[] }>('/api/incidents')).incidents,
  };
}
