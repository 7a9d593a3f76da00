import { waitFor } from '../support/wait.ts';
import type { RunningContainers } from './running-containers.ts';

/** The service whose lines are sent. */
const service = 'shop';

type Send = (messages: readonly string[]) => Promise<{ readonly status: number; readonly text: string }>;

/** Sends logs of an organization over HTTP, with a key of its own that the gateway knows as soon as this returns. */
export async function logSender(
  api: RunningContainers['api'],
  client: RunningContainers['client'],
  organization: string,
): Promise<Send> {
  const key = await keyFor(api, organization);
  const post = (path: string, logs: readonly object[]) =>
    fetch(client.url('log-gateway', path), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ logs }),
      signal: AbortSignal.timeout(30_000),
    });
  await waitFor('the gateway to know the key', async () =>
    // No entry in it: refused for that, once the key is known.
    (await post('/api/v1/logs', [])).status === 400 ? true : undefined,
  );
  return async (messages) => {
    const answer = await post(
      '/api/v1/logs',
      messages.map((message) => ({ service, level: 'INFO', message })),
    );
    return { status: answer.status, text: await answer.text() };
  };
}

interface Found {
  readonly labels: Readonly<Record<string, string>>;
  readonly line: string;
}

/** What Loki has of them, 5,000 lines at most. */
export async function sentLines(
  client: RunningContainers['client'],
  organization: string,
): Promise<readonly Found[]> {
  const query = new URLSearchParams({ query: `{service="${service}"}`, limit: '5000' });
  const { data } = await client.json<{
    data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
  }>(client.url('loki', `/loki/api/v1/query_range?${query}`), { 'X-Scope-OrgID': organization });
  return data.result.flatMap(({ stream, values }) => values.map(([, line]) => ({ labels: stream, line })));
}

/** Made as docs/how-to/run-in-docker.md says: beside the canary's, which is kept. */
function keyFor(api: RunningContainers['api'], organization: string): Promise<string> {
  const script = `
    import('/app/services/log-gateway/keys/manage-keys.ts').then(({ createKey }) =>
      console.log(createKey(process.env.KEYS_FILE, { name: 'test', scopes: ['write'], organizations: ['${organization}'] }).key))`;
  return api.execute('sightline-log-gateway-1', ['node', '-e', script]);
}
