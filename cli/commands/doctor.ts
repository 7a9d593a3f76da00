import { Command } from 'commander';
import pc from 'picocolors';
import { cacheRoot } from '../../infra/local/toolchain/cache.ts';
import type { CheckResult } from '../doctor/check-result.ts';
import * as machine from '../doctor/machine-checks.ts';
import * as stack from '../doctor/stack-checks.ts';
import { type RawStackOptions, resolveStackOptions, withStackOptions } from '../stack-options.ts';

const examples = `
Examples:
  npm run doctor
  npm run doctor -- --json
  npm run doctor -- --port-offset 10000

Installs nothing. Exit code: 0 the stack can run (there may be warnings), 1 it cannot.`;

export function doctorCommand(): Command {
  return withStackOptions(new Command('doctor'))
    .option('--json', 'as JSON, for scripts: [{name, level, detail, fix?}]')
    .addHelpText('after', examples)
    .action(async (options: RawStackOptions & { readonly json?: boolean }) => {
      const results = await examine(options);
      process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : render(results));
      process.exitCode = results.some(({ level }) => level === 'fail') ? 1 : 0;
    });
}

async function examine(raw: RawStackOptions): Promise<readonly CheckResult[]> {
  const { env } = process;
  const options = resolveStackOptions(raw);
  const { plan, result } = await stack.checkPlan(options, env);
  const tools = plan === undefined ? [] : await stack.checkTools(plan, env);
  return [
    machine.checkNode(),
    await machine.checkNpm(),
    await machine.checkGo(tools.some(({ level }) => level !== 'ok')),
    machine.checkMemory(),
    await machine.checkDisk('disk (state)', options.stateDir),
    await machine.checkDisk('disk (cache)', cacheRoot(env)),
    machine.checkClock(),
    machine.checkChromium(env),
    await stack.checkState(options),
    await stack.checkCache(env),
    result,
    ...(plan === undefined ? [] : [await stack.checkPorts(plan, options)]),
    ...tools,
  ];
}

function render(results: readonly CheckResult[]): string {
  const colours = { ok: pc.green, warn: pc.yellow, fail: pc.red };
  const lines = results.flatMap(({ name, level, detail, fix }) => [
    `${colours[level](level.padEnd(4))}  ${name.padEnd(18)} ${detail}`,
    ...(fix === undefined ? [] : [`${' '.repeat(25)}fix: ${fix}`]),
  ]);
  const failures = results.filter(({ level }) => level === 'fail').length;
  const verdict =
    failures === 0 ? 'The stack can run on this machine.' : `${failures} of these must be mended first.`;
  return `${lines.join('\n')}\n\n${verdict}\n`;
}
