import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { listen } from '../../../telemetry/listen.ts';
import { freePorts } from '../../local/pick-ports.ts';
import { toYaml } from '../../render/yaml.ts';
import { ask, post, ready, scrape, settled } from '../look.ts';
import { folder } from '../workbench.ts';
import { at } from './from-plan.ts';
import type { Verifier } from './verifier.ts';

const topic = 'probe-events';

const component = (name: string, type: string): string =>
  toYaml({
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec: { type, version: 'v1', metadata: [] },
  });

/** An application that subscribes to the topic and takes what comes. */
const application = () =>
  createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    const subscriptions = [{ pubsubname: 'pubsub', topic, route: '/events' }];
    response.end(request.url === '/dapr/subscribe' ? JSON.stringify(subscriptions) : '{}');
  });

/**
 * A sidecar whose application publishes to itself and keeps state. Both components live in its memory: what it
 * counts is the same whichever component stands behind the name.
 */
export const dapr: Verifier = {
  tools: ['daprd'],
  observe: async (bench, metrics) => {
    const components = await folder(bench, 'components');
    await writeFile(join(components, 'pubsub.yaml'), component('pubsub', 'pubsub.in-memory'));
    await writeFile(join(components, 'state.yaml'), component('state', 'state.in-memory'));
    const app = application();
    try {
      const appPort = await listen(app, { HOST: '127.0.0.1', PORT: 0 }, 'SL1805');
      const [http = 0, grpc = 0, internal = 0, exposed = 0] = await freePorts(4);
      bench.start('daprd', [
        '--app-id=probe',
        `--app-port=${appPort}`,
        `--dapr-http-port=${http}`,
        `--dapr-grpc-port=${grpc}`,
        `--dapr-internal-grpc-port=${internal}`,
        '--dapr-listen-addresses=127.0.0.1',
        `--metrics-port=${exposed}`,
        `--resources-path=${components}`,
      ]);
      await ready(bench, at(http, '/v1.0/healthz'));
      await ask(at(http, '/v1.0/state/state'), post([{ key: 'a', value: 1 }]));
      await ask(at(http, '/v1.0/state/state/a'));
      await ask(at(http, `/v1.0/publish/pubsub/${topic}`), post({ probe: true }));
      return await settled(bench, metrics, () => scrape(at(exposed, '/metrics')));
    } finally {
      app.closeAllConnections();
      app.close();
    }
  },
};
