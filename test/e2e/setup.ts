import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { runCli } from '../support/cli.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { freePortOffset } from '../support/port-offset.ts';

export interface SharedStack {
  readonly portOffset: number;
  readonly stateDir: string;
  readonly otlpUrl: string;
  /** Environment of every command about this stack. */
  readonly env: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: SharedStack;
  }
}

/** Ten times as fast: an alert that takes ten minutes takes one, by the same rules and routes. */
const timeScale = 10;

const environment = `
environment: local
cluster: local
scrapeInterval: 15s
prometheus: { retentionTime: 15d, retentionSize: 1GB }
loki: { retention: 7d }
slo: { window: 7d }
paging: inbox
services: { logLevel: INFO }
traffic: { rate: 10 }
thresholds: {}
alerts: { overrides: {} }
`;

/** One stack for all end-to-end tests, on ports of its own, with every duration shortened. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const base = await mkdtemp(join(tmpdir(), 'sightline-e2e-'));
  const environmentFile = join(base, 'environment.yaml');
  await writeFile(environmentFile, environment);
  const receiver = await startOtlpReceiver();
  const portOffset = await freePortOffset();
  const stateDir = join(base, 'state');
  const env = {
    SIGHTLINE_PORT_OFFSET: String(portOffset),
    SIGHTLINE_STATE_DIR: stateDir,
    SIGHTLINE_ENVIRONMENT_FILE: environmentFile,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  };
  const teardown = async (): Promise<void> => {
    await runCli(['down', '--wipe'], { env });
    await receiver.close();
    await rm(base, { recursive: true, force: true });
  };
  const started = await runCli(['start', '--detach', '--time-scale', String(timeScale)], { env });
  if (started.code !== 0) {
    await teardown();
    throw new Error(`the stack did not start:\n${started.stdout}\n${started.stderr}`);
  }
  project.provide('stack', { portOffset, stateDir, otlpUrl: receiver.url, env });
  return teardown;
}
