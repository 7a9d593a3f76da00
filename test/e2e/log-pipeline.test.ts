import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { repositoryRoot } from '../../infra/repository.ts';
import { type LogEntry, StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

const page = readFileSync(join(repositoryRoot, 'docs/log-pipeline.md'), 'utf8');
/** What the page says to type beside a running `npm start`. */
const commands = [...page.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, block = '']) => block);

describe('the log pipeline of npm start', { retry: 0 }, () => {
  const shared = inject('stack');
  const stack = new StackClient(shared);
  let key = '';

  const bash = async (script: string): Promise<string> => {
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: repositoryRoot,
      env: { ...process.env, ...shared.env },
      timeout: 300_000,
    });
    return stdout;
  };
  const onThisStack = (text: string): string =>
    text.replaceAll('http://127.0.0.1:8080', stack.url('log-gateway'));
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(stack.url('log-gateway', path), {
      ...init,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers },
      signal: AbortSignal.timeout(20_000),
    });
  const send = async (message: string): Promise<void> => {
    const answer = await ask('/api/v1/logs', {
      method: 'POST',
      body: JSON.stringify({ service: 'e2e-shop', message, level: 'warn' }),
    });
    expect(answer.status).toBe(202);
  };
  const found = async (message: string): Promise<readonly { readonly message: string }[]> => {
    const answer = await ask(
      `/api/v1/logs/search?${new URLSearchParams({
        service: 'e2e-shop',
        query: message,
        end_time: new Date(Date.now() + 60_000).toISOString(),
      })}`,
    );
    const { entries } = (await answer.json()) as { entries: readonly { readonly message: string }[] };
    return entries;
  };

  beforeAll(async () => {
    key = (
      await bash(
        'npm run -s keys -- create --name e2e --scope write --scope read --organization platform 2>/dev/null',
      )
    ).trim();
  }, 300_000);

  it('takes and finds a line by the very commands of its page, and Loki has it', async () => {
    expect(commands).toHaveLength(2);
    const [sending = '', searching = ''] = commands.map(onThisStack);
    const sent = await bash(sending);
    expect(JSON.parse(sent)).toMatchObject({ status: 'accepted', accepted: 1, durability: 'fsynced' });
    const printed = await waitFor(
      'the search to find it',
      async () => {
        const out = await bash(`KEY=${key}\n${searching}`);
        return out.includes('"hello from curl"') ? out : undefined;
      },
      300_000,
    );
    expect(JSON.parse(printed)).toMatchObject({ organization: 'platform' });
    const lines = await waitFor('the line in Loki', async () => {
      const lokis: readonly LogEntry[] = await stack.loki(
        '{service="shop", level="WARNING"} |= "hello from curl"',
      );
      return lokis.length > 0 ? lokis : undefined;
    });
    expect(lines[0]?.labels).toMatchObject({ cluster: 'local', environment: 'local', namespace: 'tasks' });
  }, 600_000);

  it('keeps the canary’s lines out of what others find, and finds every one of them', async () => {
    await waitFor('the canary to find its lines', async () =>
      (await stack.prometheus('log_canary_lines_total{canary_verdict="found"} > 0')).length > 0
        ? true
        : undefined,
    );
    expect(await stack.loki('{service="log-canary"} |= "canary line"')).toEqual([]);
    const lost = await stack.prometheus('log_canary_lines_total{canary_verdict="missing"}');
    expect(lost.map(({ value }) => value)).toEqual([0]);
  }, 300_000);

  it('loses nothing when the gateway is killed between lines', async () => {
    const run = `killed ${Date.now()}`;
    const messages = Array.from({ length: 20 }, (_, index) => `${run} line ${index}`);
    for (const message of messages.slice(0, 10)) await send(message);
    const { stdout } = await stack.cli(['status', '--json']);
    const { processes } = JSON.parse(stdout) as {
      processes: readonly { readonly name: string; readonly pid: number | null }[];
    };
    const pid = processes.find(({ name }) => name === 'log-gateway')?.pid;
    if (typeof pid !== 'number') throw new Error('the gateway has no process');
    process.kill(pid, 'SIGKILL');
    await waitFor(
      'the gateway to be back',
      async () => ((await ask('/ready')).ok ? true : undefined),
      120_000,
    );
    for (const message of messages.slice(10)) await send(message);
    const all = await waitFor(
      'all twenty lines',
      async () => {
        const entries = await found(run);
        return entries.length >= messages.length ? entries : undefined;
      },
      120_000,
    );
    expect(all.map(({ message }) => message).sort()).toEqual(messages.toSorted());
  }, 300_000);
});
