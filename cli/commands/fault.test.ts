import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { localPaths } from '../../infra/local/files.ts';
import { writeFault } from '../../services/kit/faults/file.ts';
import { faultKindNames } from '../../services/kit/faults/kinds.ts';
import { faultCommand } from './fault.ts';

let stateDir = '';
beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'sightline-fault-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(stateDir, { recursive: true, force: true });
});

/** What the command prints. */
async function run(...args: string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  await faultCommand().parseAsync(['--state-dir', stateDir, ...args], { from: 'user' });
  return written.join('');
}

const begin = () =>
  writeFault(path.join(stateDir, localPaths.faults), { service: 'audit', kind: 'errors', seconds: 60 });

test('the list names every kind, and what is on', async () => {
  begin();
  const list = JSON.parse(await run('--list', '--json'));
  expect(list.kinds.map(({ kind }: { kind: string }) => kind)).toEqual(faultKindNames);
  expect(list.active).toMatchObject([{ service: 'audit', kind: 'errors', rate: 0.3 }]);
  const table = await run('--list');
  for (const kind of faultKindNames) expect(table).toContain(kind);
});

test('clearing one service leaves the others, clearing all leaves none', async () => {
  begin();
  const active = async () => JSON.parse(await run('--list', '--json')).active.length;
  await run('--clear', 'sync');
  expect(await active()).toBe(1);
  await run('--clear');
  expect(await active()).toBe(0);
});

test.each([
  [['backend-api', 'erors'], 'SL1705 there is no fault "erors"'],
  [['loki', 'errors'], 'npm run fault -- loki stop'],
  [['backend-api'], 'SL1705'],
  [['--clear', 'loki'], 'SL1705'],
  [['loki', 'stop', '--for', 'soon'], 'SL1706 "soon" is no duration'],
  [['loki', 'stop'], 'SL1310 no stack is running'],
  [['backend-api', 'errors'], 'SL1310 no stack is running'],
])('%j is refused with its fix', async (args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
});
