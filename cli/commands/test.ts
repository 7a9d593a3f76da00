import { Command } from 'commander';
import { startVitest } from 'vitest/node';
import { kubernetesTestTools } from '../../infra/catalogue/verifiers/kubernetes-cluster.ts';
import { installPulumi } from '../../infra/kubernetes/packages.ts';
import { findTools } from '../../infra/local/toolchain/toolchain.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import type { ToolName } from '../../infra/versions.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { printError } from '../print-error.ts';
import { progressView } from '../progress.ts';
import { repositoryChecks, runCheck } from '../testing/checks.ts';
import { TallyReporter, type TestTally } from '../testing/reporter.ts';

/** The tiers of `npm test`, cheapest first. `checks` is not vitest's. */
const tiers = [
  'checks',
  'unit',
  'program',
  'binaries',
  'e2e',
  'clone',
  'docker',
  'distributed',
  'kafka',
  'dapr',
  'kubernetes',
] as const;
type Tier = (typeof tiers)[number];

/** They need tools that take long to get, or many processes at once: only when named. */
const onlyWhenNamed: readonly Tier[] = ['docker', 'distributed', 'kafka', 'dapr', 'kubernetes'];

const testedTools: readonly ToolName[] = [
  'prometheus',
  'promtool',
  'alertmanager',
  'amtool',
  'loki',
  'promtail',
  'node_exporter',
];

/** These run real binaries. */
const needsTools: readonly Tier[] = ['binaries', 'e2e', 'clone', 'docker', 'dapr'];

const toolsFor = (chosen: readonly Tier[]): readonly ToolName[] => [
  ...(chosen.some((tier) => needsTools.includes(tier)) ? testedTools : []),
  ...(chosen.includes('docker') ? (['docker-compose'] as const) : []),
  ...(chosen.includes('distributed') ? (['loki'] as const) : []),
  ...(chosen.includes('kafka') ? (['kafka', 'prometheus', 'loki'] as const) : []),
  ...(chosen.includes('dapr') ? (['daprd', 'redis-server', 'kafka'] as const) : []),
  ...(chosen.includes('kubernetes') ? kubernetesTestTools : []),
];

/** What these run or look at imports Pulumi. */
const needsPulumi: readonly Tier[] = ['checks', 'program', 'docker', 'kubernetes'];

/** Vitest's projects of a tier. */
const projectsOf = (tier: Tier): readonly string[] => {
  if (tier === 'checks') return [];
  return tier === 'dapr' ? ['dapr-redis', 'dapr-kafka'] : [tier];
};

const examples = `
Examples:
  npm test                      everything needed to trust a change
  npm test -- unit              only the unit tests
  npm run test:kubernetes       every object against a real API server
  npm run test:docker           what Pulumi would make on a Docker host, as containers that run
  npm run test:distributed      a distributed Loki as processes: one is killed, all are started anew, no line is lost
  npm run test:kafka            a real Kafka: its lag as it is read, what is acknowledged over a kill of the broker
  npm run test:dapr             the stack over real Dapr sidecars, with Redis and with Kafka, whose brokers are killed
  npm test -- binaries loki     tests with real binaries, files whose path contains "loki"

The last line is "N passed, N failed", with skipped tests and their reasons above it.`;

export function testCommand(): Command {
  return new Command('test')
    .argument(
      '[tier]',
      `one of ${tiers.join(', ')}; all of them but ${onlyWhenNamed.join(', ')} when left out`,
    )
    .argument('[filter...]', 'run only test files whose path contains one of these')
    .addHelpText('after', examples)
    .action(async (tier: string | undefined, filters: readonly string[]) => {
      const chosen = chooseTiers(tier);
      const failed = await runTiers(chosen, filters);
      process.exitCode = failed === 0 ? 0 : 1;
    });
}

function chooseTiers(tier: string | undefined): readonly Tier[] {
  if (tier === undefined) return tiers.filter((name) => !onlyWhenNamed.includes(name));
  const known = tiers.find((name) => name === tier);
  if (known) return [known];
  throw new SightlineError('SL1006', {
    what: `there is no test tier "${tier}"`,
    where: 'npm test',
    fix: `use one of ${tiers.join(', ')}, or none for all`,
  });
}

async function runTiers(chosen: readonly Tier[], filters: readonly string[]): Promise<number> {
  const reporter = new TallyReporter();
  const { tally } = reporter;
  const times: string[] = [];
  const timed = async (name: string, run: () => Promise<void>): Promise<void> => {
    console.log(`\n== ${name}`);
    const started = performance.now();
    await run();
    times.push(`${name} ${Math.round((performance.now() - started) / 1000)} s`);
  };
  if (chosen.some((tier) => needsPulumi.includes(tier)))
    await installPulumi({ onStart: (what) => console.log(what) });
  if (chosen.includes('checks')) await timed('checks', () => runChecks(tally));
  const tools = toolsFor(chosen);
  if (tools.length > 0)
    await timed('tools', async () => {
      if (!(await have(tools))) tally.failed += 1;
    });
  for (const project of chosen.flatMap(projectsOf))
    await timed(project, () => runProject(project, filters, reporter));
  console.log(`\ntime: ${times.join(', ')}`);
  for (const { name, reason } of tally.skipped) console.log(`skipped: ${name}: ${reason}`);
  for (const name of tally.again) console.log(`passed only at the second attempt: ${name}`);
  const skipped = tally.skipped.length > 0 ? `, ${tally.skipped.length} skipped` : '';
  console.log(`${tally.passed} passed, ${tally.failed} failed${skipped}`);
  return tally.failed;
}

async function runChecks(tally: TestTally): Promise<void> {
  for (const check of repositoryChecks) {
    const held = await runCheck(check);
    console.log(`${held ? 'ok  ' : 'FAIL'} ${check.name}`);
    if (held) tally.passed += 1;
    else tally.failed += 1;
  }
}

/** Gets the tools first, with progress: on a machine without them that takes minutes that no test should wait. */
async function have(tools: readonly ToolName[]): Promise<boolean> {
  const view = progressView(process.stderr);
  const found = findTools(tools, { onProgress: view.update });
  const results = await Promise.allSettled(found.values());
  view.finish();
  const failures = results.filter((result) => result.status === 'rejected');
  for (const { reason } of failures) printError(reason);
  return failures.length === 0;
}

async function runProject(
  project: string,
  filters: readonly string[],
  reporter: TallyReporter,
): Promise<void> {
  const { passed, failed } = reporter.tally;
  try {
    const vitest = await startVitest('test', [...filters], {
      root: repositoryRoot,
      project,
      watch: false,
      passWithNoTests: filters.length > 0,
      reporters: ['default', reporter],
    });
    await vitest.close();
    // A set-up that fails, such as a stack that does not start, or an unhandled rejection: vitest says so only here.
    if (process.exitCode && reporter.tally.failed === failed) reporter.tally.failed += 1;
  } catch (error) {
    printError(error);
    reporter.tally.failed += 1;
  }
  process.exitCode = 0;
  const ran = reporter.tally.passed + reporter.tally.failed - passed - failed;
  if (ran === 0 && filters.length === 0) {
    console.log(`FAIL no test ran in ${project}`);
    reporter.tally.failed += 1;
  }
}
