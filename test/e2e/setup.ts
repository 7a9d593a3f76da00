import type { TestProject } from 'vitest/node';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startStack } from '../support/own-stack.ts';

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
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const receiver = await startOtlpReceiver();
  const stack = await startStack(environment, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }).catch(
    async (error: unknown) => {
      await receiver.close();
      throw error;
    },
  );
  const { portOffset, stateDir, env } = stack;
  project.provide('stack', { portOffset, stateDir, otlpUrl: receiver.url, env });
  return async () => {
    await stack.stop();
    await receiver.close();
  };
}
