import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  brokerEnvironment,
  formatArguments,
  serverArguments,
} from '../../infra/local/kafka/broker-command.ts';
import { probeKafka } from '../../infra/local/supervisor/kafka-probe.ts';
import { renderKafkaLogging, renderKafkaProperties } from '../../infra/render/kafka.ts';
import { freePorts } from './ports.ts';
import { type RunningTool, startTool, toolPath } from './tools.ts';
import { waitFor } from './wait.ts';

const host = '127.0.0.1';

/** A real single-node Kafka of one test file's own. */
export interface KafkaBroker {
  /** What clients connect to first: `127.0.0.1:port`. It stays the same over restarts. */
  readonly bootstrap: string;
  readonly port: number;
  /** Where it listens too when its properties have it so. */
  readonly secondPort: number;
  /** What the running process wrote so far. */
  readonly output: () => string;
  /** kill -9, and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Ends it as asked, with what that flushes. */
  readonly shutDown: () => Promise<void>;
  /** Starts it again on the same data and port, and waits until it takes part. */
  readonly start: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a broker on free ports with data of its own; resolves when it takes reads and writes.
 * @param more properties over those of `renderKafkaProperties`; in them `{port}`, `{controllerPort}` and `{secondPort}`
 *   stand for ports
 * @param formatting more arguments with which the storage is formatted
 */
export async function startKafkaBroker(
  more: Readonly<Record<string, string>> = {},
  formatting: readonly string[] = [],
): Promise<KafkaBroker> {
  const tool = await toolPath('kafka');
  const base = await mkdtemp(join(tmpdir(), 'sightline-kafka-'));
  const [port = 0, controllerPort = 0, secondPort = 0] = await freePorts(3);
  const properties = join(base, 'server.properties');
  const at = { host, port };
  const rendered = renderKafkaProperties({
    dataDir: join(base, 'data'),
    listen: at,
    advertised: at,
    controllerPort,
  });
  const places = { '{port}': port, '{controllerPort}': controllerPort, '{secondPort}': secondPort };
  const placed = (value: string): string =>
    Object.entries(places).reduce((text, [place, number]) => text.replaceAll(place, String(number)), value);
  const added = Object.entries(more).map(([name, value]) => `${name}=${placed(value)}\n`);
  await writeFile(properties, rendered + added.join(''));
  const loggingFile = join(base, 'log4j2.properties');
  await writeFile(loggingFile, renderKafkaLogging());
  const env = brokerEnvironment({ loggingFile, logDir: base });
  let running: RunningTool | undefined;

  const start = async (): Promise<void> => {
    await promisify(execFile)(tool, [...formatArguments(properties), ...formatting], {
      env: { ...process.env, ...env },
    });
    const broker = startTool(tool, serverArguments(properties), env);
    running = broker;
    const takesPart = async (): Promise<'running' | 'ended'> => {
      if (broker.process.exitCode !== null) return 'ended';
      await probeKafka(host, port, 2_000);
      return 'running';
    };
    const state = await waitFor('Kafka to take part in its cluster', takesPart, 120_000).catch(String);
    if (state !== 'running') throw new Error(`Kafka did not start (${state}):\n${broker.output()}`);
  };
  const kill = async (): Promise<void> => {
    if (running === undefined || running.process.exitCode !== null || running.process.signalCode !== null)
      return;
    const exited = once(running.process, 'exit');
    running.process.kill('SIGKILL');
    await exited;
  };
  const stop = async (): Promise<void> => {
    await kill();
    await rm(base, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    bootstrap: `${host}:${port}`,
    port,
    secondPort,
    output: () => running?.output() ?? '',
    kill,
    shutDown: async () => running?.stop(),
    start,
    stop,
  };
}
