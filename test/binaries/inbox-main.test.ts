import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const main = path.join(import.meta.dirname, '../../alerts/inbox/main.ts');
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'inbox-main-'));
});
afterEach(() => rm(directory, { recursive: true }));

function start(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', DATA_DIR: directory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { child, output: () => output };
}

async function failure(env: Readonly<Record<string, string>>): Promise<string> {
  const { child, output } = start(env);
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  return output();
}

it('starts, answers, and ends with SIGTERM', async () => {
  const { child, output } = start({});
  while (!output().includes('Listening')) await once(child.stdout, 'data');
  const [url = ''] = /http:\/\/[\d.:]+/.exec(output()) ?? [];
  expect((await fetch(`${url}/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect((await once(child, 'close'))[0]).toBe(0);
});

it('says what is wrong with its environment, port or directory, and how to mend it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const file = path.join(directory, 'a-file');
  await writeFile(file, '');
  const [environment, busy, unwritable] = await Promise.all([
    failure({ PORT: 'many' }),
    failure({ PORT: String(port) }),
    failure({ DATA_DIR: path.join(file, 'below') }),
  ]);
  taken.close();
  expect(environment).toMatch(/SL1511 PORT is \\"many\\".*Fix: set PORT to a TCP port/);
  expect(busy).toMatch(/SL1512 .*the port is in use.*Fix: /);
  expect(unwritable).toMatch(/SL1513 .*Fix: make the directory writable/);
});
