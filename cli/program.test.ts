import { Command } from 'commander';
import { expect, it, vi } from 'vitest';
import { SightlineError } from '../telemetry/errors.ts';
import type { CommandEntry } from './command-table.ts';
import { formatError } from './print-error.ts';
import { runProgram } from './program.ts';

function table(loaded: string[], ran: string[]): readonly CommandEntry[] {
  return ['start', 'status'].map((name) => ({
    name,
    description: `${name} it`,
    load: async () => {
      loaded.push(name);
      return new Command(name).option('--json').action(() => void ran.push(name));
    },
  }));
}

it('loads and runs only the command that is asked for', async () => {
  const loaded: string[] = [];
  const ran: string[] = [];
  await runProgram(table(loaded, ran), ['status', '--json']);
  expect([loaded, ran]).toEqual([['status'], ['status']]);
});

it.for([
  [['strat'], "unknown command 'strat' (Did you mean start?)", 'use one of: start, status'],
  [['status', '--jsn'], "unknown option '--jsn' (Did you mean --json?)", 'npm run status -- --help'],
  [['status', 'more'], 'too many arguments', 'npm run status -- --help'],
] as const)('%j is a coded error with the fix', async ([args, what, fix]) => {
  const error = await runProgram(table([], []), args).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SightlineError);
  expect(error).toMatchObject({ code: 'SL1006', fix, what: expect.stringContaining(what) });
});

it.each([{ npm_config_json: 'true' }, { npm_config_json: '' }])(
  'an option that npm kept for itself is refused: %j',
  async (kept) => {
    const ran: string[] = [];
    const env = { npm_lifecycle_event: 'status', ...kept };
    await expect(runProgram(table([], ran), ['status'], env)).rejects.toMatchObject({
      code: 'SL1006',
      fix: 'npm run status -- --json',
    });
    await runProgram(table([], ran), ['start'], env);
    expect(ran).toEqual(['start']);
  },
);

it('gives help for nothing, --help and a command', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    for (const args of [[], ['--help'], ['status', '--help']]) await runProgram(table([], []), args);
    const printed = write.mock.calls.map(([text]) => String(text)).join('');
    expect(printed.match(/Usage: sightline/g)).toHaveLength(3);
  } finally {
    write.mockRestore();
  }
});

it('prints a coded error in three lines and anything else as a bug with its stack', () => {
  const known = new SightlineError('SL1310', {
    what: 'no stack is running',
    where: '/state',
    fix: 'npm start',
  });
  expect(formatError(known, false)).toBe('SL1310 no stack is running\n  where: /state\n  fix: npm start');
  expect(formatError(known, true)).toContain('\u001b[31m');
  const bug = formatError(new TypeError('x is not a function'), false);
  expect(bug).toMatch(/^This is a bug in Sightline\..*\nTypeError: x is not a function\n {4}at /);
});
