import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import { environmentNames } from '../../infra/config/names.ts';
import { readEnvironment, readEnvironmentName } from '../../infra/config.ts';
import { planDocker } from '../../infra/docker/plan.ts';
import { writeFirstSecrets } from '../../infra/docker/secrets.ts';
import { dockerFiles, environmentStack } from '../../infra/environment.ts';
import { planLocal } from '../../infra/local/plan.ts';
import { renderEnvironment } from '../../infra/render/environment.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { resolveStackOptions } from '../stack-options.ts';

interface RenderOptions {
  readonly env: string;
  readonly out: string;
  readonly portOffset?: string;
  readonly stateDir?: string;
  readonly ingestors?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  npm run render -- --env prod --out out/prod
  npm run render -- --env prod --out out/prod --state-dir /etc/sightline
  npm run render -- --env local --out out/local --port-offset 10000
  npm run render -- --env docker --out out/docker && docker compose -f out/docker/compose.yaml up

Local: every file of the stack. Docker: the same, and a compose file; for each secret that is not there yet, the
address of the inbox in its place, and for Grafana's admin a password that is made up. Another environment: what is the same on every target, that is rules, routing and
templates, dashboards, and the parts of Loki's and Promtail's configuration that need no storage or discovery.
Secrets are never rendered: the files name the paths they are read from.`;

export function renderCommand(): Command {
  return new Command('render')
    .requiredOption('--env <name>', `environment to render: ${environmentNames.join(', ')}`)
    .requiredOption('--out <dir>', 'folder to write to; files already there are replaced')
    .option('--port-offset <n>', 'move every port by n (local)')
    .option('--state-dir <dir>', 'directory that the files refer to; DIR by default')
    .option('--ingestors <n>', 'processes that bring queued logs to Loki; more than one share Kafka (docker)')
    .option('--json', 'print the paths that were written as JSON')
    .addHelpText('after', examples)
    .action(render);
}

async function render(options: RenderOptions): Promise<void> {
  const out = resolve(process.env.INIT_CWD ?? process.cwd(), options.out);
  const files = await renderFiles(options, out);
  for (const [path, text] of files) writeFileAtomically(`${out}/${path}`, text, readableByAll);
  const missing = options.env === 'docker' ? writeFirstSecrets(out) : [];
  const paths = [...files.keys()];
  if (options.json) console.log(JSON.stringify({ out, files: paths, missing }, null, 2));
  else console.log(`${paths.map((path) => `  ${path}`).join('\n')}\n${paths.length} files written to ${out}`);
  for (const path of missing) console.error(`Write ${path} before you start: nobody else knows this secret.`);
}

async function renderFiles(options: RenderOptions, out: string): Promise<ReadonlyMap<string, string>> {
  const name = readEnvironmentName(options.env);
  const { portOffset, stateDir } = resolveStackOptions({ stateDir: out, ...options });
  if (name === 'local')
    return (await planLocal({ portOffset, stateDir, env: process.env, timeScale: 1 })).files;
  if (options.portOffset !== undefined)
    throw new SightlineError('SL1007', {
      what: `only the local stack has ports to move, not ${name}`,
      where: '--port-offset',
      fix: 'leave it out; addresses of this environment are in its file in infra/environments',
    });
  if (name === 'docker')
    return dockerFiles(
      planDocker(readEnvironment(name), ingestorsOf(options)),
      relative(out, repositoryRoot) || '.',
    );
  return renderEnvironment(environmentStack(name), { root: stateDir });
}

const mostIngestors = 20;

function ingestorsOf({ ingestors = '1' }: RenderOptions): number {
  const count = /^\d{1,2}$/.test(ingestors) ? Number(ingestors) : Number.NaN;
  if (count >= 1 && count <= mostIngestors) return count;
  throw new SightlineError('SL1007', {
    what: `"${ingestors}" is no number of ingestors: it must be a whole number from 1 to ${mostIngestors}`,
    where: '--ingestors',
    fix: 'for example: npm run render -- --env docker --out out/docker --ingestors 3',
  });
}
