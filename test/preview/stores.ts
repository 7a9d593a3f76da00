import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { freePorts } from '../support/ports.ts';
import { startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';
import { historyText, logHistory } from './history.ts';

const run = promisify(execFile);

/** A process of the test, and how it is ended. */
export interface Running {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

export async function startProcess(
  command: string,
  args: readonly string[],
  url: string,
  ready: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Running> {
  const { process: child, output, stop } = startTool(command, args, env);
  await waitFor(`${command} is ready`, async () => {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${output()}`);
    return (await fetch(`${url}${ready}`, { signal: AbortSignal.timeout(2000) })).ok || undefined;
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, stop };
}

/** A real Prometheus that remembers an hour of the contract's metrics. */
export async function startPrometheus(
  tools: { readonly prometheus: string; readonly promtool: string },
  directory: string,
): Promise<Running> {
  const data = join(directory, 'prometheus');
  await mkdir(data, { recursive: true });
  const text = join(directory, 'history.om');
  // Ten minutes beyond now, so that a slow machine still looks at a living stack.
  await writeFile(text, historyText(Date.now() / 1000 + 600));
  await run(tools.promtool, ['tsdb', 'create-blocks-from', 'openmetrics', text, data], {
    maxBuffer: 10_000_000,
  });
  const config = join(directory, 'prometheus.yml');
  await writeFile(config, 'scrape_configs: []\n');
  const port = await freePort();
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  return startProcess(tools.prometheus, args, `http://127.0.0.1:${port}`, '/-/ready');
}

/**
 * A real Loki with lines in it, those of the same hour by default.
 * @param lines as its push API takes them
 * @param settings more of its configuration
 */
export async function startLoki(
  loki: string,
  directory: string,
  lines: object = logHistory(Date.now() / 1000),
  settings = '',
): Promise<Running> {
  const [http, grpc] = [await freePort(), await freePort()];
  const root = join(directory, 'loki');
  const config = join(directory, 'loki.yaml');
  await writeFile(
    config,
    `auth_enabled: true
server: { http_listen_address: 127.0.0.1, http_listen_port: ${http}, grpc_listen_address: 127.0.0.1, grpc_listen_port: ${grpc}, log_level: warn }
analytics: { reporting_enabled: false }
common: { instance_addr: 127.0.0.1, path_prefix: ${root}, replication_factor: 1, ring: { kvstore: { store: inmemory } }, storage: { filesystem: { chunks_directory: ${root}/chunks, rules_directory: ${root}/rules } } }
ingester: { lifecycler: { min_ready_duration: 0s } }
schema_config: { configs: [{ from: 2024-01-01, store: tsdb, object_store: filesystem, schema: v13, index: { prefix: index_, period: 24h } }] }
${settings}`,
  );
  const running = await startProcess(
    loki,
    [`-config.file=${config}`],
    `http://127.0.0.1:${http}`,
    '/metrics',
  );
  await waitFor('Loki takes lines', async () => {
    const response = await fetch(`${running.url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-scope-orgid': platformTenant },
      body: JSON.stringify(lines),
      signal: AbortSignal.timeout(10_000),
    });
    return response.status === 204 || undefined;
  });
  return running;
}
