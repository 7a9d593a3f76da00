import { randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { localPaths } from '../../infra/local/files.ts';
import { StackClient } from '../support/stack-client.ts';
import { TasksUser } from '../support/tasks-user.ts';
import { waitFor } from '../support/wait.ts';
import { brokerOf, killAndAwait } from './broker.ts';

const kills = 3;
/** Tasks that are created around each kill: a busy machine is not to work off thousands. */
const tasksAKill = 100;

interface Attachment {
  readonly title: string;
}

describe('the broker below the sidecars', { retry: 0 }, () => {
  const shared = inject('stack');
  const stack = new StackClient(shared);
  const broker = brokerOf(shared);

  afterAll(async () => {
    await stack.cli(['fault', '--clear']);
  });

  /** Request ids in the audit trail, in its own file: its pages show the newest thousand. */
  const audited = (prefix: string): ReadonlySet<string> => {
    const file = join(shared.stateDir, localPaths.data, 'audit', 'audit.sqlite');
    const trail = new DatabaseSync(file, { readOnly: true });
    try {
      const rows = trail
        .prepare("SELECT request_id FROM entries WHERE type = 'sightline.task.created' AND request_id LIKE ?")
        .all(`${prefix}%`);
      return new Set(rows.map(({ request_id }) => String(request_id)));
    } finally {
      trail.close();
    }
  };

  it(`is killed ${kills} times while tasks are created, and no event of an accepted task is lost`, async () => {
    const user = await waitFor('a login', () => TasksUser.login(stack));
    const prefix = `kill-${randomUUID().slice(0, 8)}-`;
    const accepted: string[] = [];
    let refused = 0;
    let asked = 0;
    let creating = true;
    let budget = tasksAKill;
    const create = async (): Promise<void> => {
      while (creating) {
        if (asked >= budget) {
          await delay(50);
          continue;
        }
        asked += 1;
        const id = `${prefix}${asked}`;
        const answer = await user
          .send('POST', '/tasks', { title: 'outlive the broker' }, { 'x-request-id': id })
          .catch(() => undefined);
        if (answer?.status === 201) accepted.push(id);
        else refused += 1;
        await answer?.body?.cancel();
        await delay(50);
      }
    };
    // The test's own tasks are to be what waits.
    expect((await stack.cli(['fault', 'traffic-generator', 'stop', '--for', '30m'])).code).toBe(0);
    const creators = Promise.all(Array.from({ length: 4 }, create));
    try {
      for (let kill = 0; kill < kills; kill += 1) {
        await delay(randomInt(1000, 5000));
        await killAndAwait(stack, broker);
        budget += tasksAKill;
      }
      await delay(2000);
    } finally {
      creating = false;
      await creators;
    }
    const missing = (): readonly string[] => {
      const found = audited(prefix);
      return accepted.filter((id) => !found.has(id));
    };
    await waitFor(
      'every accepted task to be in the audit trail',
      () => (missing().length === 0 ? true : undefined),
      600_000,
    ).catch(() => undefined);
    const lost = missing();
    console.log(
      `${kills} kills of ${broker}: ${accepted.length} tasks accepted, ${refused} refused, ${accepted.length - lost.length} of the accepted in the audit trail, ${lost.length} lost`,
    );
    expect(accepted.length).toBeGreaterThan(50);
    expect(lost).toEqual([]);
    expect((await stack.cli(['fault', 'traffic-generator', 'resume'])).code).toBe(0);
  }, 1_500_000);

  it('raises an alert while it is stopped, which ends with the stop', async () => {
    const alert = 'ALERTS{alertname="DaprPublishFailures", service="backend-api", alertstate="firing"}';
    const titles = async (): Promise<readonly string[]> => {
      const { messages } = await stack.json<{ messages: { message: { attachments: Attachment[] } }[] }>(
        stack.url('inbox', '/api/messages?channel=alerts&limit=1000'),
      );
      return messages.flatMap(({ message }) => message.attachments.map(({ title }) => title));
    };
    const told = (state: string) => async (): Promise<true | undefined> =>
      (await titles()).some((title) => title.startsWith(`[${state}] DaprPublishFailures · backend-api`))
        ? true
        : undefined;
    // What the kills before it raised must be told to be over: otherwise it is no news that it fires.
    await waitFor(
      'what fired before to be over, and told',
      async () => {
        const last = (await titles()).find((title) => title.includes('DaprPublishFailures · backend-api'));
        const isTold = last === undefined || last.startsWith('[RESOLVED]');
        return isTold && (await stack.prometheus(alert)).length === 0 ? true : undefined;
      },
      300_000,
    );
    const before = (await fetch(stack.url('inbox', '/api/messages'), { method: 'DELETE' })).status;
    expect(before).toBe(204);
    expect((await stack.cli(['fault', broker, 'stop', '--for', '10m'])).code).toBe(0);
    await waitFor(
      'DaprPublishFailures to fire',
      async () => ((await stack.prometheus(alert)).length > 0 ? true : undefined),
      180_000,
    );
    await waitFor('#alerts to be told', told('WARNING'), 120_000);
    expect((await stack.cli(['fault', broker, 'resume'])).code).toBe(0);
    await waitFor(
      'DaprPublishFailures to end',
      async () => ((await stack.prometheus(alert)).length === 0 ? true : undefined),
      240_000,
    );
    await waitFor('#alerts to be told that it is over', told('RESOLVED'), 120_000);
  }, 1_020_000);
});
