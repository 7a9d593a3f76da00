import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder.ts';
import { type RunningInbox, startInbox } from '../support/inbox.ts';
import { waitFor } from '../support/wait.ts';

let directory: string;
let webhook: HttpRecorder;
let inbox: RunningInbox | undefined;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'deadman-'));
  // The first call fails, as calls may.
  webhook = await startHttpRecorder((nth) => (nth === 1 ? 503 : 200));
  await writeFile(path.join(directory, 'url'), `${webhook.url}/hook?secret=1\n`);
});
afterEach(async () => {
  await inbox?.stop();
  await webhook.close();
  await rm(directory, { recursive: true, force: true });
});

const start = async (): Promise<RunningInbox> => {
  inbox = await startInbox(directory, {
    HEARTBEAT_SILENCE: '1',
    HEARTBEAT_GRACE: '3600',
    DEADMAN_WEBHOOK_URL_FILE: path.join(directory, 'url'),
  });
  return inbox;
};
const beat = async ({ url }: RunningInbox): Promise<void> => {
  const answer = await fetch(`${url}/heartbeat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: '4', alerts: [] }),
  });
  expect(answer.status).toBe(204);
};
const reports = async ({ messages }: RunningInbox) =>
  (await messages('heartbeat')).map(({ message }) => message.text ?? '').toReversed();
const stateOf = async ({ ask }: RunningInbox) =>
  (await ask<{ deadman: { state: string } }>('/api/heartbeat')).deadman.state;

it('the switch of a real inbox speaks to log, inbox and webhook, once for the end and once for the return', async () => {
  const first = await start();
  expect(await stateOf(first)).toBe('waiting');
  await beat(first);
  await waitFor('the switch to speak', async () => ((await stateOf(first)) === 'silent' ? true : undefined));
  expect(await reports(first)).toEqual([expect.stringMatching(/^:rotating_light: No heartbeat since/)]);
  await waitFor(
    'the line in the log',
    () => /"CRITICAL".*No heartbeat since/.exec(first.output()) ?? undefined,
  );
  // It is tried again, and then it was taken.
  const [, again] = await waitFor('a second try of the webhook', () => {
    const calls = webhook.callsTo('/hook?secret=1');
    return calls.length >= 2 ? calls : undefined;
  });
  expect(JSON.parse(again?.body ?? '')).toMatchObject({
    text: expect.stringContaining('No heartbeat since'),
  });

  await first.stop();
  const second = await start();
  expect(await stateOf(second)).toBe('silent');
  await beat(second);
  await waitFor('all that was said', async () => ((await reports(second)).length > 1 ? true : undefined));
  expect((await reports(second)).slice(0, 2)).toEqual([
    expect.stringMatching(/^:rotating_light: No heartbeat since/),
    expect.stringMatching(/^:white_check_mark: The heartbeat is back/),
  ]);
  await waitFor('the webhook to hear of it', () => webhook.callsTo('/hook?secret=1')[2]);
  for (const { output } of [first, second]) expect(output()).not.toContain('secret=1');
});
