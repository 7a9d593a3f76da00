import { resolve } from 'node:path';
import { Command } from 'commander';
import { readEnvironmentName } from '../../infra/config.ts';
import { planLocal } from '../../infra/local/plan.ts';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { resolveStackOptions } from '../stack-options.ts';

interface RenderOptions {
  readonly env: string;
  readonly out: string;
  readonly portOffset?: string;
  readonly stateDir?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  npm run render -- --env local --out out/local
  npm run render -- --env local --out out/local --port-offset 10000

Secrets are never rendered: the files name the paths they are read from.`;

export function renderCommand(): Command {
  return new Command('render')
    .requiredOption('--env <name>', 'environment to render')
    .requiredOption('--out <dir>', 'folder to write to; files already there are replaced')
    .option('--port-offset <n>', 'move every port by n')
    .option('--state-dir <dir>', 'state directory that the files refer to; DIR by default')
    .option('--json', 'print the paths that were written as JSON')
    .addHelpText('after', examples)
    .action(render);
}

async function render(options: RenderOptions): Promise<void> {
  readEnvironmentName(options.env);
  const out = resolve(process.env.INIT_CWD ?? process.cwd(), options.out);
  const { portOffset, stateDir } = resolveStackOptions({ stateDir: out, ...options });
  const { files } = await planLocal({ portOffset, stateDir, env: process.env, timeScale: 1 });
  for (const [path, text] of files) writeFileAtomically(`${out}/${path}`, text, readableByAll);
  const paths = [...files.keys()];
  if (options.json) console.log(JSON.stringify({ out, files: paths }, null, 2));
  else console.log(`${paths.map((path) => `  ${path}`).join('\n')}\n${paths.length} files written to ${out}`);
}
