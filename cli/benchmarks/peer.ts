import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
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
  readonly medianMs: number;
}

export interface PeerFigures {
  readonly what: 'rules' | 'panels';
  readonly ours: GeneratorFigures;
  readonly peer: GeneratorFigures;
}

/** One program, its arguments, and how to count what it printed. */
interface Generator {
  readonly file: string;
  readonly args: readonly string[];
  readonly count: (output: string) => number;
}

const outputLimitBytes = 256 * 1024 * 1024;
const timeoutMs = 5 * 60_000;

/**
 * Our generators and go-jsonnet compiling kubernetes-mixin, by turns in one run, each a whole process.
 * @throws SightlineError SL1007 when the checkout or the binary is not there
 */
export async function measurePeer(options: PeerOptions, rounds: number): Promise<readonly PeerFigures[]> {
  requirePeer(options);
  const ours = (kind: string, count: Generator['count']): Generator => ({
    file: process.execPath,
    args: [join(repositoryRoot, 'cli/benchmarks/generate.ts'), kind],
    count,
  });
  const theirs = (file: string, count: Generator['count'], ...flags: readonly string[]): Generator => ({
    file: options.jsonnet,
    args: ['-J', join(options.mixin, 'vendor'), ...flags, join(options.mixin, 'lib', file)],
    count,
  });
  const pairs = [
    {
      what: 'rules',
      ours: [ours('rules', countRules)],
      peer: [theirs('alerts.jsonnet', countRules, '-S'), theirs('rules.jsonnet', countRules, '-S')],
    },
    {
      what: 'panels',
      ours: [ours('dashboards', (output) => countPanels(JSON.parse(output)))],
      peer: [theirs('dashboards.jsonnet', (output) => countPanels(Object.values(JSON.parse(output))))],
    },
  ] as const;
  const figures: PeerFigures[] = [];
  for (const { what, ours, peer } of pairs) {
    const [a, b] = await byTurns(ours, peer, rounds);
    figures.push({ what, ours: a, peer: b });
  }
  return figures;
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

/** The first round fills caches of the disk and of the compiler, as every later run on a machine finds them. */
async function byTurns(
  ours: readonly Generator[],
  peer: readonly Generator[],
  rounds: number,
): Promise<readonly [GeneratorFigures, GeneratorFigures]> {
  const made = [counted(ours, await runAll(ours)), counted(peer, await runAll(peer))] as const;
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    times[0].push(await timed(() => runAll(ours)));
    times[1].push(await timed(() => runAll(peer)));
  }
  return [
    { made: made[0], medianMs: median(times[0]) },
    { made: made[1], medianMs: median(times[1]) },
  ];
}

async function runAll(generators: readonly Generator[]): Promise<readonly string[]> {
  const outputs: string[] = [];
  for (const { file, args } of generators) {
    const { stdout } = await run(file, [...args], { maxBuffer: outputLimitBytes, timeout: timeoutMs });
    outputs.push(stdout);
  }
  return outputs;
}

const counted = (generators: readonly Generator[], outputs: readonly string[]): number =>
  generators.reduce((sum, { count }, index) => sum + count(outputs[index] ?? ''), 0);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
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

/** One line a kind: in all, for one of them, and how many times faster one of ours is made. */
export function formatPeer(figures: readonly PeerFigures[]): string {
  return figures
    .map(({ what, ours, peer }) => {
      const each = ({ made, medianMs }: GeneratorFigures): number => medianMs / made;
      const said = (side: GeneratorFigures): string =>
        `${side.made} in ${side.medianMs.toFixed(0)} ms, ${each(side).toFixed(2)} ms each`;
      return (
        `${what.padEnd(14)} whole process: ${said(ours)}; go-jsonnet with kubernetes-mixin: ${said(peer)}; ` +
        `${(each(peer) / each(ours)).toFixed(1)} times faster each, ${(peer.medianMs / ours.medianMs).toFixed(1)} in all`
      );
    })
    .join('\n');
}
