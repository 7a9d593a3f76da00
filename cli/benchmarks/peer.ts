import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { environmentNames } from '../../infra/config/names.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { median } from '../../telemetry/instrument/bench/parts.ts';

const run = promisify(execFile);

/** Where the peer is: none of it belongs to this repository. */
export interface PeerOptions {
  /** A checkout of kubernetes-mixin, with what it imports below `vendor` in it. */
  readonly mixin: string;
  /** go-jsonnet's binary. */
  readonly jsonnet: string;
}

/** Whole processes, from the command to all of the output. */
interface GeneratorFigures {
  /** Rules, or panels. */
  readonly made: number;
  /** The first run. Ours has compiled nothing yet then, and keeps what it compiles as every command does. */
  readonly firstMs: number;
  readonly medianMs: number;
}

export interface PeerFigures {
  readonly what: 'rules' | 'panels';
  readonly ours: GeneratorFigures;
  /** One process that generates for each of `deployed`. */
  readonly oursDeployed: GeneratorFigures;
  readonly peer: GeneratorFigures;
}

/** Environments with addresses of their own; those of local are its ports. */
const deployed = environmentNames.filter((name) => name !== 'local');

/** A program, its arguments for each of its runs one after the other, and how to count what one of them printed. */
interface Generator {
  readonly file: string;
  readonly runs: readonly (readonly string[])[];
  readonly count: (output: string) => number;
}

/** Who makes the same kind of thing. */
interface Contest extends Pick<PeerFigures, 'what'> {
  readonly ours: Generator;
  readonly oursDeployed: Generator;
  readonly peer: Generator;
}

const outputLimitBytes = 256 * 1024 * 1024;
const timeoutMs = 5 * 60_000;

/**
 * Our generators and go-jsonnet compiling kubernetes-mixin, by turns in one run, each a whole process.
 * @throws SightlineError SL1007 when the checkout or the binary is not there
 */
export async function measurePeer(options: PeerOptions, rounds: number): Promise<readonly PeerFigures[]> {
  requirePeer(options);
  const ours = (count: Generator['count'], ...args: readonly string[]): Generator => ({
    file: process.execPath,
    runs: [[join(repositoryRoot, 'cli/benchmarks/generate.ts'), ...args]],
    count,
  });
  const theirs = (count: Generator['count'], files: readonly string[], ...flags: readonly string[]) => ({
    file: options.jsonnet,
    runs: files.map((name) => [
      ...['-J', join(options.mixin, 'vendor'), ...flags],
      join(options.mixin, 'lib', name),
    ]),
    count,
  });
  const countOurs: Generator['count'] = (output) => countPanels(JSON.parse(output));
  const countTheirs: Generator['count'] = (output) => countPanels(Object.values(JSON.parse(output)));
  const kinds: readonly Contest[] = [
    {
      what: 'rules',
      ours: ours(countRules, 'rules', 'prod'),
      oursDeployed: ours(countRules, 'rules', ...deployed),
      peer: theirs(countRules, ['alerts.jsonnet', 'rules.jsonnet'], '-S'),
    },
    {
      what: 'panels',
      ours: ours(countOurs, 'dashboards'),
      oursDeployed: ours(countOurs, 'dashboards', ...deployed),
      peer: theirs(countTheirs, ['dashboards.jsonnet']),
    },
  ];
  const compiled = await mkdtemp(join(tmpdir(), 'sightline-bench-'));
  try {
    const figures: PeerFigures[] = [];
    for (const contest of kinds) figures.push(await byTurns(contest, rounds, compiled));
    return figures;
  } finally {
    await rm(compiled, { recursive: true, force: true });
  }
}

function requirePeer({ mixin, jsonnet }: PeerOptions): void {
  const missing = [join(mixin, 'lib/alerts.jsonnet'), join(mixin, 'vendor'), jsonnet].find(
    (path) => path.includes('/') && !existsSync(path),
  );
  if (missing === undefined) return;
  throw new SightlineError('SL1007', {
    what: `there is no ${missing}`,
    where: 'npm run bench -- --mixin … --jsonnet …',
    fix: 'give a checkout of kubernetes-mixin in which `jb install` has filled vendor, and the jsonnet of go-jsonnet',
  });
}

async function byTurns(contest: Contest, rounds: number, compiled: string): Promise<PeerFigures> {
  const ours = await firstRun(contest.ours, compiled);
  const oursDeployed = await firstRun(contest.oursDeployed, compiled);
  const peer = await firstRun(contest.peer, compiled);
  for (let round = 0; round < rounds; round += 1)
    for (const contender of [ours, oursDeployed, peer]) await contender.runAgain();
  return {
    what: contest.what,
    ours: ours.figures(),
    oursDeployed: oursDeployed.figures(),
    peer: peer.figures(),
  };
}

/** What is compiled is kept in a folder that is empty at first; as with every command, later runs find it there. */
async function firstRun(generator: Generator, compiled: string) {
  const env = { ...process.env, NODE_COMPILE_CACHE: await mkdtemp(join(compiled, 'cache-')) };
  const started = performance.now();
  const outputs = await runAll(generator, env);
  const firstMs = performance.now() - started;
  const made = outputs.reduce((sum, output) => sum + generator.count(output), 0);
  const times: number[] = [];
  return {
    runAgain: async () => {
      const startedAgain = performance.now();
      await runAll(generator, env);
      times.push(performance.now() - startedAgain);
    },
    figures: (): GeneratorFigures => ({ made, firstMs, medianMs: median(times) }),
  };
}

async function runAll({ file, runs }: Generator, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const outputs: string[] = [];
  for (const args of runs) {
    const { stdout } = await run(file, [...args], { env, maxBuffer: outputLimitBytes, timeout: timeoutMs });
    outputs.push(stdout);
  }
  return outputs;
}

function countRules(yaml: string): number {
  return parseAllDocuments(yaml)
    .map(
      (document) => document.toJS() as { readonly groups: readonly { readonly rules: readonly unknown[] }[] },
    )
    .flatMap(({ groups }) => groups)
    .reduce((sum, { rules }) => sum + rules.length, 0);
}

interface Panels {
  readonly type?: string;
  readonly panels?: readonly Panels[];
}

/** Panels that show something: a row only holds others. */
function countPanels(dashboards: readonly Panels[]): number {
  return dashboards.reduce(
    (sum, { type, panels = [] }) =>
      sum + countPanels(panels) + (type === undefined || type === 'row' ? 0 : 1),
    0,
  );
}

/** For one, in all, and how many times faster one of ours is made: as one process each, and where one does more. */
export function formatPeer(figures: readonly PeerFigures[]): string {
  return figures
    .map(({ what, ours, oursDeployed, peer }) => {
      const each = ({ made, medianMs }: GeneratorFigures): number => medianMs / made;
      const said = (side: GeneratorFigures): string =>
        `${side.made} in ${side.medianMs.toFixed(0)} ms, ${each(side).toFixed(2)} ms each`;
      const faster = (side: GeneratorFigures): string =>
        `${(each(peer) / each(side)).toFixed(1)} times faster each`;
      return [
        `${what.padEnd(14)} whole process: ${said(ours)} (the first run, nothing compiled yet: ` +
          `${ours.firstMs.toFixed(0)} ms); go-jsonnet with kubernetes-mixin: ${said(peer)}; ` +
          `${faster(ours)}, ${(peer.medianMs / ours.medianMs).toFixed(1)} in all`,
        `${''.padEnd(14)} ${deployed.length} environments in one process (${deployed.join(', ')}): ` +
          `${said(oursDeployed)}; ${faster(oursDeployed)}`,
      ].join('\n');
    })
    .join('\n');
}
