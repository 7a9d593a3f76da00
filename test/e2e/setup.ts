import type { TestProject } from 'vitest/node';
import type { Extra } from '../../infra/local/extras.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startStack } from '../support/own-stack.ts';

export interface SharedStack {
  readonly portOffset: number;
  readonly stateDir: string;
  readonly otlpUrl: string;
  /** What runs beside the usual. */
  readonly with: readonly Extra[];
  /** Environment of every command about this stack. */
  readonly env: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: SharedStack;
  }
}

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

/** One stack for all end-to-end tests. */
export default (project: TestProject): Promise<() => Promise<void>> => shareStack(project, []);

/** Gives the tests of a project one stack with these extras; what comes back ends it. */
export async function shareStack(
  project: TestProject,
  extras: readonly Extra[],
): Promise<() => Promise<void>> {
  const receiver = await startOtlpReceiver();
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const stack = await startStack(environment, settings, extras).catch(async (error: unknown) => {
    await receiver.close();
    throw error;
  });
  const { portOffset, stateDir, env } = stack;
  project.provide('stack', { portOffset, stateDir, otlpUrl: receiver.url, with: extras, env });
  return async () => {
    await stack.stop();
    await receiver.close();
  };
}
