import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { dumpAll, goldenFolder, type Shown, writeGoldens } from '../../infra/kubernetes/dump/files.ts';
import { installPulumi } from '../../infra/kubernetes/packages.ts';
import { runCommand } from '../../infra/local/toolchain/run-command.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { interruptible } from '../interruptible.ts';

const examples = `
Examples:
  npm run golden                  show what differs from test/golden/kubernetes; exit code 1 if anything does
  npm run golden -- --update      write it there, for the review of the change

The whole Pulumi program runs with Pulumi's mocks in place of its engine: no cluster is needed, nothing is deployed,
and no secret is in what it writes.`;

export function goldenCommand(): Command {
  return new Command('golden')
    .option('--update', 'write the golden files')
    .option('--json', 'print resources, milliseconds and the paths that differ as JSON')
    .addHelpText('after', examples)
    .action((options: { readonly update?: boolean; readonly json?: boolean }) =>
      interruptible((signal) => golden(options, signal)),
    );
}

async function golden(
  options: { readonly update?: boolean; readonly json?: boolean },
  signal: AbortSignal,
): Promise<void> {
  await installPulumi({ onStart: (what) => console.error(what), signal });
  const shown = await dumpAll(signal);
  const difference = options.update ? '' : await differenceOf(shown, signal);
  if (options.update) writeGoldens(shown);
  if (options.json) console.log(JSON.stringify({ environments: shown.map(summary), difference }, null, 2));
  else {
    for (const { environment, declared, milliseconds } of shown)
      console.log(`${environment}: ${declared.length} resources in ${(milliseconds / 1000).toFixed(1)} s`);
    console.log(
      difference ||
        (options.update ? 'test/golden/kubernetes is written' : 'equal to test/golden/kubernetes'),
    );
  }
  if (difference) process.exitCode = 1;
}

const summary = ({ environment, declared, milliseconds, files }: Shown) => ({
  environment,
  resources: declared.length,
  milliseconds: Math.round(milliseconds),
  files: [...files.keys()],
});

/** In characters: more than every golden file written anew. */
const largestDifference = 16 * 1024 * 1024;

/** As git shows a change; empty when there is none. */
async function differenceOf(shown: readonly Shown[], signal: AbortSignal): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sightline-golden-'));
  try {
    writeGoldens(shown, folder);
    const { output, exitCode } = await runCommand(
      'git',
      ['--no-pager', 'diff', '--no-index', '--no-prefix', '--', goldenFolder, folder],
      { cwd: repositoryRoot, timeoutMs: 60_000, outputLimit: largestDifference, signal },
    );
    if (exitCode !== 0 && exitCode !== 1)
      throw new SightlineError('SL1801', {
        what: `git did not compare the files: ${output.trim().slice(-500) || 'it was ended'}`,
        where: goldenFolder,
        fix: 'put git on PATH; npm run golden -- --update writes the files without it',
      });
    return output
      .replaceAll(`${folder.slice(1)}/`, 'program/')
      .replaceAll(`${goldenFolder.slice(1)}/`, 'test/golden/kubernetes/')
      .trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
