import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  send,
  startTestGateway,
  type TestGateway,
} from '../../../services/log-gateway/testing/test-gateway.ts';
import { buildLogIngestor } from '../../../services/log-ingestor/log-ingestor.ts';
import { readPipelineConfig } from '../../../services/pipeline/config/read-config.ts';
import { startPipelineProcess } from '../../../services/pipeline/frame.ts';
import { startLoki } from '../../preview/stores.ts';
import { toolPath } from '../../support/tools.ts';
import { waitFor } from '../../support/wait.ts';

export interface Entry {
  readonly id: string;
  readonly message: string;
  readonly service: string;
  readonly level: string;
  readonly [member: string]: unknown;
}

/** A gateway and an ingestor before a real Loki, and what a client does with them. */
export class GatewayWithLoki {
  readonly gateway: TestGateway;
  /** Writes and reads as `acme`. */
  readonly key: string;
  readonly globexKey: string;
  readonly #stops: readonly (() => Promise<void> | void)[];

  private constructor(gateway: TestGateway, stops: readonly (() => Promise<void> | void)[]) {
    this.gateway = gateway;
    this.key = gateway.key(['write', 'read']);
    this.globexKey = gateway.key(['write', 'read'], ['globex']);
    this.#stops = stops;
  }

  static async start(): Promise<GatewayWithLoki> {
    const stops: (() => Promise<void> | void)[] = [];
    const directory = mkdtempSync(join(tmpdir(), 'log-gateway-loki-'));
    stops.push(() => rmSync(directory, { recursive: true, force: true }));
    const loki = await startLoki(await toolPath('loki'), directory);
    stops.push(loki.stop);
    const gateway = await startTestGateway({ LOKI_URL: loki.url }, (stop) => stops.push(stop));
    const ingestor = await startPipelineProcess('log-ingestor', buildLogIngestor, {
      config: readPipelineConfig({
        env: {
          INGESTOR_PORT: '0',
          INGESTOR_BATCH_WAIT_SECONDS: '0.1',
          INGESTOR_MAX_SERVICES_PER_ORGANIZATION: '25',
          LOKI_URL: loki.url,
          QUEUE_DIRECTORY: gateway.queueDirectory,
        },
      }),
      env: {},
      destination: { write: () => {} },
    });
    stops.push(ingestor.stop);
    return new GatewayWithLoki(gateway, stops);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop();
  }

  get(path: string, parameters: Record<string, string> = {}, who = this.key, headers = {}) {
    const url = `${this.gateway.url}${path}?${new URLSearchParams(parameters)}`;
    return send(url, { method: 'GET', key: who, headers });
  }

  async search(parameters: Record<string, string>, who = this.key) {
    const { status, json, text } = await this.get('/api/v1/logs/search', parameters, who);
    if (status !== 200) throw new Error(`the search was answered with ${status}: ${text}`);
    return { entries: json.entries as readonly Entry[], cursor: json.next_cursor as string | undefined };
  }

  async write(entries: readonly object[], who = this.key): Promise<readonly string[]> {
    const { status, json, text } = await send(`${this.gateway.url}/api/v1/logs?ids=true`, {
      key: who,
      body: JSON.stringify(entries),
    });
    if (status !== 202) throw new Error(`the entries were answered with ${status}: ${text}`);
    return json.ids as readonly string[];
  }

  /** Waits until so many entries are found. */
  found(parameters: Record<string, string>, count: number, who = this.key) {
    return waitFor(`${count} entries of ${JSON.stringify(parameters)}`, async () => {
      const { entries } = await this.search(parameters, who);
      return entries.length >= count ? entries : undefined;
    });
  }
}
