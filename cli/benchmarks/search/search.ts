import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../../infra/config.ts';
import { freePorts } from '../../../infra/local/pick-ports.ts';
import { localStack } from '../../../infra/local/plan.ts';
import { localPorts } from '../../../infra/local/ports.ts';
import { renderLoki } from '../../../infra/render/loki.ts';
import { createKey } from '../../../services/log-gateway/keys/manage-keys.ts';
import { ChaosProcess } from '../../chaos/chaos-process.ts';
import { quantile } from '../quantile.ts';
import { Corpus } from './corpus.ts';
import { fill } from './fill.ts';
import { type Kind, kindsOf } from './questions.ts';

export interface SearchOptions {
  /** The binary. */
  readonly loki: string;
  readonly lines: number;
  /** Searches of each kind. */
  readonly rounds: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface SearchFigures {
  readonly lines: number;
  readonly rounds: number;
  /** Whether what the system keeps of files in memory was given up before: only root may on Linux. */
  readonly filesWereCold: boolean;
  readonly kinds: readonly {
    readonly title: string;
    /** Milliseconds. */
    readonly p50: number;
    readonly p95: number;
    readonly most: number;
    /** Searches that found nothing, or failed. */
    readonly empty: number;
    readonly failed: number;
  }[];
}

const organization = 'bench';
const searchWithinMs = 60_000;

/** Fills a Loki of the local stack's configuration, starts it anew with nothing in its memory, and searches by the gateway. */
export async function measureSearch({
  loki,
  lines,
  rounds,
  say,
  signal,
}: SearchOptions): Promise<SearchFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'sightline-bench-search-'));
  const [lokiPort = 0, grpcPort = 0, gatewayPort = 0] = await freePorts(3);
  const store = platformLoki(loki, directory, lokiPort, grpcPort);
  const queueDirectory = join(directory, 'queue');
  const { gateway, key } = gatewayTo(`http://127.0.0.1:${lokiPort}`, directory, queueDirectory, gatewayPort);
  const corpus = new Corpus(lines, Math.floor(Date.now() / 60_000) * 60_000);
  try {
    await store.start();
    await fill(corpus, { url: `http://127.0.0.1:${lokiPort}`, organization, queueDirectory, say, signal });
    say('starting Loki anew');
    await store.end('SIGTERM');
    // All of it is in the store: Loki would take what was filled in minutes for what came in the last of them.
    rmSync(join(directory, 'data', 'wal'), { recursive: true });
    const filesWereCold = forgetFiles();
    await store.start();
    await gateway.start();
    const kinds = [];
    for (const kind of kindsOf(corpus)) {
      signal.throwIfAborted();
      say(`${rounds} searches: ${kind.title}`);
      kinds.push(await measured(kind, rounds, `http://127.0.0.1:${gatewayPort}`, key));
    }
    return { lines, rounds, filesWereCold, kinds };
  } finally {
    await Promise.all([store.end('SIGKILL'), gateway.end('SIGKILL')]);
    rmSync(directory, { recursive: true, force: true });
  }
}

function forgetFiles(): boolean {
  try {
    execFileSync('sync', { timeout: 60_000 });
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

async function measured({ title, next }: Kind, rounds: number, url: string, key: string) {
  const times: number[] = [];
  let [empty, failed] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const answer = await fetch(`${url}/api/v1/logs/search?${new URLSearchParams(next(round))}`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(searchWithinMs),
    });
    const text = await answer.text();
    times.push(performance.now() - started);
    if (!answer.ok) failed += 1;
    else if (text.includes('"entries":[]')) empty += 1;
  }
  return {
    title,
    empty,
    failed,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    most: quantile(times, 1),
  };
}

/** As `npm start` runs it, but that lines of a whole day may come at once. */
function platformLoki(binary: string, directory: string, port: number, grpcPort: number): ChaosProcess {
  const stack = localStack(readEnvironment('local'), localPorts(0), 1);
  const rulesDir = join(directory, 'rules');
  mkdirSync(rulesDir);
  const config = join(directory, 'loki.yaml');
  writeFileSync(
    config,
    renderLoki(stack, {
      dataDir: join(directory, 'data'),
      listen: { host: '127.0.0.1', port, grpcPort },
      ruler: { rulesDir, alertmanager: '127.0.0.1:1' },
    }),
  );
  const limits = ['distributor.ingestion-rate-limit-mb', 'distributor.ingestion-burst-size-mb'];
  return new ChaosProcess({
    command: binary,
    args: [
      `-config.file=${config}`,
      ...limits.map((flag) => `-${flag}=512`),
      // A day's lines in minutes would be a stream in many shards, which they are not in a day.
      '-shard-streams.enabled=false',
      '-ingester.per-stream-rate-limit=512MB',
      '-ingester.per-stream-rate-limit-burst=512MB',
      '-target=all',
    ],
    readyUrl: `http://127.0.0.1:${port}/ready`,
  });
}

function gatewayTo(lokiUrl: string, directory: string, queueDirectory: string, port: number) {
  const keyFile = join(directory, 'keys.json');
  const { key } = createKey(keyFile, { name: 'bench', scopes: ['read'], organizations: [organization] });
  const gateway = new ChaosProcess({
    command: process.execPath,
    args: [fileURLToPath(new URL('../../../services/log-gateway/main.ts', import.meta.url))],
    env: {
      QUEUE_DIRECTORY: queueDirectory,
      KEYS_FILE: keyFile,
      LOKI_URL: lokiUrl,
      GATEWAY_PORT: String(port),
      LIMITS_REQUESTS_PER_MINUTE: '10000000',
    },
    readyUrl: `http://127.0.0.1:${port}/metrics`,
  });
  return { gateway, key };
}

export function formatSearch({ lines, rounds, filesWereCold, kinds }: SearchFigures): string {
  const ms = (value: number): string => `${value.toFixed(0)} ms`.padStart(9);
  return [
    `${lines.toLocaleString('en')} lines of 24 hours, ${rounds} searches of each kind, none asked twice, Loki started anew before, ` +
      `files ${filesWereCold ? 'not in memory' : 'may be in memory: only root can have them given up'}`,
    ...kinds.map(
      ({ title, p50, p95, most, empty, failed }) =>
        `${title.padEnd(36)} p50 ${ms(p50)}   p95 ${ms(p95)}   most ${ms(most)}` +
        `${empty > 0 ? `   ${empty} found nothing` : ''}${failed > 0 ? `   ${failed} failed` : ''}`,
    ),
  ].join('\n');
}
