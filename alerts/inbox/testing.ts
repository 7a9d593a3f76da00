import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createInbox } from './app.ts';
import { type DeadmanReport, DeadmanSwitch } from './deadman-switch.ts';
import { InboxStore } from './store.ts';

/** An inbox with a directory of its own for each test, and a switch whose clock the test moves. */
export function useTestInbox() {
  let directory = '';
  let store: InboxStore;
  let deadman: DeadmanSwitch;
  let server: Server;
  let base = '';
  let ahead = 0;
  let reports: DeadmanReport[] = [];

  async function open(): Promise<void> {
    store = new InboxStore(directory);
    deadman = new DeadmanSwitch({
      store,
      expected: true,
      silenceMs: 180_000,
      graceMs: 900_000,
      now: () => Date.now() + ahead,
      report: (report) => reports.push(report),
    });
    server = createInbox({ store, deadman }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    store.close();
  }

  beforeEach(async () => {
    ahead = 0;
    reports = [];
    directory = await mkdtemp(path.join(tmpdir(), 'inbox-'));
    await open();
  });
  afterEach(async () => {
    await close();
    await rm(directory, { recursive: true });
  });

  return {
    base: () => base,
    store: () => store,
    /** What the switch said since the test began. */
    reported: () => reports.map(({ state }) => state),
    reports: () => reports,
    restart: async () => {
      await close();
      await open();
    },
    /** Moves the switch's clock at once, as a machine that sleeps does. */
    skip: (ms: number) => {
      ahead += ms;
    },
    /** Lets time pass with a look a minute, as the timer of a running inbox does. */
    pass: (ms: number) => {
      for (const end = ahead + ms; ahead < end; ahead += 60_000) deadman.look();
      deadman.look();
    },
    post: (where: string, body: unknown): Promise<Response> =>
      fetch(base + where, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    json: async (where: string) => (await fetch(base + where)).json(),
    text: async (where: string) => (await fetch(base + where)).text(),
  };
}
