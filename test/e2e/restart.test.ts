import { describe, expect, inject, it } from 'vitest';
import type { StackStatus } from '../../infra/local/supervisor/status.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

describe('processes that die', () => {
  const stack = new StackClient(inject('stack'));

  const status = async (): Promise<StackStatus> => {
    const { stdout } = await stack.cli(['status', '--json']);
    return JSON.parse(stdout) as StackStatus;
  };
  const processOf = (all: StackStatus, name: string): StackStatus['processes'][number] => {
    const found = all.processes.find((process) => process.name === name);
    if (!found) throw new Error(`no process ${name}`);
    return found;
  };

  it('are all healthy to begin with', async () => {
    const { state } = await waitFor('a healthy stack', async () => {
      const now = await status();
      return now.state === 'healthy' ? now : undefined;
    });
    expect(state).toBe('healthy');
  });

  it.each(['audit', 'prometheus', 'loki', 'promtail', 'alertmanager'])(
    'are started again: %s',
    async (name) => {
      const before = processOf(await status(), name);
      expect(before.pid).toBeTypeOf('number');
      process.kill(before.pid ?? 0, 'SIGKILL');
      const after = await waitFor(`${name} to be healthy again`, async () => {
        const now = processOf(await status(), name);
        return now.health === 'healthy' && now.pid !== before.pid ? now : undefined;
      });
      expect(after.restarts).toBeGreaterThan(before.restarts);
    },
    120_000,
  );

  it('cost no log line of the others', async () => {
    const loki = processOf(await status(), 'loki');
    const promtail = processOf(await status(), 'promtail');
    process.kill(loki.pid ?? 0, 'SIGKILL');
    process.kill(promtail.pid ?? 0, 'SIGKILL');
    await waitFor('both to be healthy again', async () => {
      const now = await status();
      return [loki, promtail].every(
        (old) => processOf(now, old.name).health === 'healthy' && processOf(now, old.name).pid !== old.pid,
      )
        ? true
        : undefined;
    });
    // The counter in the service and the lines in Loki tell of the same log.
    const written = async (): Promise<number> => {
      const text = await (await fetch(stack.url('sync', '/metrics'))).text();
      return [...text.matchAll(/^log_lines_total\{.*\} (\d+)$/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    };
    const expected = await written();
    const stored = async (): Promise<number> => {
      const query = 'sum(count_over_time({service="sync"}[1h]))';
      const { data } = await stack.json<{ data: { result: { value: [number, string] }[] } }>(
        stack.url('loki', `/loki/api/v1/query?query=${encodeURIComponent(query)}`),
        { 'X-Scope-OrgID': 'platform' },
      );
      return Number(data.result[0]?.value[1] ?? 0);
    };
    await waitFor(`${expected} lines of sync in Loki`, async () =>
      (await stored()) >= expected ? true : undefined,
    );
  }, 180_000);
});
