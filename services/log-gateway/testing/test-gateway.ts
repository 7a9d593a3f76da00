import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readPipelineConfig } from '../../pipeline/config/read-config.ts';
import type { AdmittedEntry } from '../../pipeline/entry.ts';
import { type BuildProcess, startPipelineProcess } from '../../pipeline/frame.ts';
import { entriesOf } from '../../pipeline/queue/batch.ts';
import { openEmbeddedConsumer } from '../../pipeline/queue/embedded/embedded-consumer.ts';
import type { Scope } from '../keys/key-record.ts';
import { createKey } from '../keys/manage-keys.ts';
import { buildLogGateway } from '../log-gateway.ts';

interface QueuedEntry extends AdmittedEntry {
  readonly organization: string;
}

export interface TestGateway {
  readonly url: string;
  readonly keyFile: string;
  readonly queueDirectory: string;
  /** What the gateway logged. */
  readonly lines: readonly string[];
  /** A key for the organizations, acme unless given. */
  key(scopes: readonly Scope[], organizations?: readonly string[]): string;
  /** All that is in the queue. */
  queued(): Promise<readonly QueuedEntry[]>;
}

/** The whole gateway on a free port, with its real queue. It stops when the test, or the file, ends. */
export async function startTestGateway(
  env: NodeJS.ProcessEnv = {},
  whenFinished: (stop: () => Promise<void>) => void = onTestFinished,
  build: BuildProcess<'log-gateway'> = buildLogGateway,
): Promise<TestGateway> {
  const directory = mkdtempSync(join(tmpdir(), 'log-gateway-'));
  const [keyFile, queueDirectory] = [join(directory, 'keys', 'keys.json'), join(directory, 'queue')];
  const key = (scopes: readonly Scope[], organizations: readonly string[] = ['acme']): string =>
    createKey(keyFile, { name: 'test', scopes, organizations }).key;
  // The gateway reads the file at its start: with one key in it, it looks again only when it changes.
  key(['write'], ['unused']);
  const lines: string[] = [];
  const running = await startPipelineProcess('log-gateway', build, {
    config: readPipelineConfig({
      env: {
        GATEWAY_PORT: '0',
        PRODUCER_PORT: '0',
        KEYS_FILE: keyFile,
        QUEUE_DIRECTORY: queueDirectory,
        QUEUE_MIN_FREE_BYTES: '0',
        ...env,
      },
    }),
    env: {},
    destination: { write: (line) => lines.push(line) },
  });
  whenFinished(async () => {
    await running.stop();
    rmSync(directory, { recursive: true });
  });
  return {
    url: running.url,
    keyFile,
    queueDirectory,
    lines,
    key,
    async queued() {
      const consumer = await openEmbeddedConsumer({
        directory: queueDirectory,
        onDamage: ({ reason }) => {
          throw new Error(`the queue is damaged: ${reason}`);
        },
        onLostProgress: (reason) => {
          throw new Error(`the progress is damaged: ${reason}`);
        },
      });
      try {
        const found: QueuedEntry[] = [];
        for (;;) {
          const batches = await consumer.read({ maxBytes: 10_000_000 });
          if (batches.length === 0) return found;
          for (const batch of batches) {
            found.push(...entriesOf(batch).map((entry) => ({ ...entry, organization: batch.organization })));
          }
        }
      } finally {
        await consumer.close();
      }
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Sent {
  readonly key?: string;
  readonly type?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** A request and its whole answer; `json` is empty where the answer is none. */
export async function send(url: string, sent: Sent): Promise<Answer> {
  const { key, type = 'application/json', body, headers, method = 'POST' } = sent;
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': type,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
