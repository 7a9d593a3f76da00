import { Command } from 'commander';
import pc from 'picocolors';
import { checkCatalogue } from '../../infra/catalogue/check-record.ts';
import { type ComponentRecord, readRecord, recordPath, writeRecord } from '../../infra/catalogue/record.ts';
import { type Verifiable, verifiers } from '../../infra/catalogue/verifiers/index.ts';
import { verifyComponent } from '../../infra/catalogue/verify.ts';
import { pinnedVersions } from '../../infra/versions.ts';
import { catalogueComponents } from '../../telemetry/catalogue/components.ts';
import type { CatalogueComponent } from '../../telemetry/catalogue/types.ts';
import { type Problem, problemOf, SightlineError } from '../../telemetry/errors.ts';
import { interruptible } from '../interruptible.ts';
import { textTable } from '../output/table.ts';
import { progressView } from '../progress.ts';

const names = Object.keys(verifiers) as readonly Verifiable[];

const examples = `
Examples:
  npm run verify:catalogue
  npm run verify:catalogue -- --component loki --component promtail
  npm run verify:catalogue -- --component prometheus --update

Runs each component for real, on free ports and in a temporary folder, makes it show the metrics that
telemetry/catalogue lists, and compares names, types and labels. --update records what was found in
${recordPath}. kube-state-metrics (with a Kubernetes API server) and dapr are built from source where no
release can be downloaded, which takes many minutes once. Exit code 1 when an entry is not as it is listed.`;

interface VerifyCatalogueOptions {
  readonly component?: readonly string[];
  readonly json?: boolean;
  readonly update?: boolean;
}

export function verifyCatalogueCommand(): Command {
  return new Command('verify-catalogue')
    .option(
      '--component <name>',
      `only this one, can be given again: ${names.join(', ')}`,
      (name: string, before: readonly string[] = []) => [...before, name],
    )
    .option('--update', `record what is found in ${recordPath}`)
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', examples)
    .action((options: VerifyCatalogueOptions) => interruptible((signal) => verifyCatalogue(options, signal)));
}

async function verifyCatalogue(options: VerifyCatalogueOptions, signal: AbortSignal): Promise<void> {
  const chosen = options.component?.map(verifiable) ?? names;
  const { found, problems } = await verifyAll(chosen, signal);
  const components: Readonly<Record<string, CatalogueComponent>> = Object.fromEntries(
    [...found.keys()].map((name) => [name, catalogueComponents[name]]),
  );
  const all = [...problems, ...checkCatalogue(components, Object.fromEntries(found), pinnedVersions)];
  if (options.update) writeRecord({ ...readRecord(), ...Object.fromEntries(found) });
  if (options.json)
    console.log(JSON.stringify({ components: Object.fromEntries(found), problems: all }, null, 2));
  else report(found, all);
  process.exitCode = all.length === 0 ? 0 : 1;
}

function verifiable(name: string): Verifiable {
  const known = names.find((one) => one === name);
  if (known !== undefined) return known;
  throw new SightlineError('SL1805', {
    what: `there is no component ${JSON.stringify(name)} that can be run`,
    where: '--component',
    fix: `use one of: ${names.join(', ')}`,
  });
}

/** One after the other: each is left a quiet machine, and what one lacks keeps no other from being looked at. */
async function verifyAll(
  chosen: readonly Verifiable[],
  signal: AbortSignal,
): Promise<{
  readonly found: ReadonlyMap<Verifiable, ComponentRecord>;
  readonly problems: readonly Problem[];
}> {
  const found = new Map<Verifiable, ComponentRecord>();
  const problems: Problem[] = [];
  for (const name of chosen) {
    process.stderr.write(`${catalogueComponents[name].title}\n`);
    const view = progressView(process.stderr);
    try {
      found.set(name, await verifyComponent(name, { onProgress: view.update, signal }));
    } catch (error) {
      if (!(error instanceof SightlineError) || signal.aborted) throw error;
      problems.push(problemOf(error));
    } finally {
      view.finish();
    }
  }
  return { found, problems };
}

function report(found: ReadonlyMap<Verifiable, ComponentRecord>, problems: readonly Problem[]): void {
  const rows = [...found].map(([name, { version, metrics }]) => {
    const states = Object.values(metrics);
    const verified = states.filter(({ state }) => state === 'verified');
    const unlisted = states.filter((metric) => metric.unlisted !== undefined);
    return [name, version, states.length, verified.length, unlisted.length];
  });
  console.log(textTable(['component', 'version', 'metrics', 'as listed', 'with more labels'], rows));
  for (const [name, { metrics }] of found)
    for (const [metric, { unlisted }] of Object.entries(metrics))
      if (unlisted !== undefined) console.log(pc.dim(`${name}: ${metric} also has ${unlisted}`));
  for (const { code, what, fix } of problems) console.log(`${pc.red(pc.bold(code))} ${what}\n  fix: ${fix}`);
  console.log(problems.length === 0 ? pc.green('as listed') : pc.red(`${problems.length} problems`));
}
