import { readEnvironment } from '../../infra/config.ts';
import { dumpDocker } from '../../infra/docker/dump.ts';
import { type DockerPlan, planDocker } from '../../infra/docker/plan.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';
import type { DockerApi } from './docker-api.ts';
import { canStandIn, makeOwn, makeStandIn } from './local-images.ts';
import { PodmanService } from './podman-service.ts';
import { type DeclaredStack, declaredStack, replayContainer } from './replay.ts';

/** A start on a machine that does much else, in milliseconds. */
const startTimeoutMs = 240_000;

/** Asks containers at their own addresses: not every port of theirs is published. */
class ContainerClient extends StackClient {
  private readonly addresses: ReadonlyMap<string, string>;

  constructor(addresses: ReadonlyMap<string, string>) {
    super({ portOffset: 0, env: {} });
    this.addresses = addresses;
  }

  override url(port: keyof StackClient['ports'], path = ''): string {
    const name = port.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const address = this.addresses.get(name);
    if (address === undefined) throw new Error(`no container ${name} runs`);
    return `http://${address}:${this.ports[port]}${path}`;
  }
}

/** What the program declares for Docker, as it runs in containers. */
export interface RunningContainers {
  readonly api: DockerApi;
  /** Where the API is. */
  readonly socket: string;
  readonly plan: DockerPlan;
  readonly declared: DeclaredStack;
  /** Names of containers that run. */
  readonly running: readonly string[];
  /** Those that do not, by name, with why. */
  readonly missing: ReadonlyMap<string, string>;
  readonly client: StackClient;
  readonly stop: () => Promise<void>;
}

/** Makes everything that the dump of the program declares, as far as images can be had. */
export async function runDump(ingestors = 1): Promise<RunningContainers> {
  const plan = planDocker(readEnvironment('docker'), ingestors);
  const settings = { 'sightline:ingestors': String(ingestors) };
  const declared = declaredStack((await dumpDocker(plan, { settings })).declared);
  const service = await PodmanService.start();
  try {
    const { api } = service;
    const timed = stopwatch();
    for (const network of declared.networks) await api.createNetwork(network);
    for (const volume of declared.volumes) await api.createVolume(volume);
    for (const image of declared.images) if (canStandIn(image)) await makeStandIn(api, image);
    await makeOwn(api, declared.built);
    timed('images');
    const isThere = ({ image }: { readonly image: string }): boolean =>
      declared.built.includes(image) || canStandIn(image);
    const made = declared.containers.filter(isThere);
    for (const container of made) await replayContainer(api, container, service.socket);
    const running = made.map(({ name }) => name);
    await healthy(api, declared, running);
    timed('healthy containers');
    return {
      api,
      socket: service.socket,
      plan,
      declared,
      running,
      missing: new Map(
        declared.containers
          .filter((each) => !isThere(each))
          .map(({ name, image }) => [
            name,
            `${image} cannot be had without a registry, and nothing here is the same`,
          ]),
      ),
      client: new ContainerClient(await addressesOf(api, running)),
      stop: () => service.stop(),
    };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/** Until the health check that each declares, run in it, passes. */
async function healthy(
  api: DockerApi,
  { containers }: DeclaredStack,
  running: readonly string[],
): Promise<void> {
  const checked = containers.filter(
    ({ name, healthcheck }) => running.includes(name) && healthcheck.tests[0] !== 'NONE',
  );
  for (const { name } of checked)
    await waitFor(
      `${name} to be healthy`,
      async () => ((await api.isHealthy(name)) ? true : undefined),
      startTimeoutMs,
    ).catch(async (error: unknown) => {
      const { State } = await api.inspect(name);
      throw new Error(`${name} is ${State.Status}, exit code ${State.ExitCode}:\n${await api.logs(name)}`, {
        cause: error,
      });
    });
}

async function addressesOf(api: DockerApi, running: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const addresses = await Promise.all(
    running.map(async (name) => {
      const { Networks } = (await api.inspect(name)).NetworkSettings;
      return [
        name.replace(/^sightline-(.+)-\d+$/, '$1'),
        Object.values(Networks)[0]?.IPAddress ?? '',
      ] as const;
    }),
  );
  return new Map(addresses);
}

function stopwatch(): (what: string) => void {
  let since = performance.now();
  return (what) => {
    console.log(`${what}: ${((performance.now() - since) / 1000).toFixed(1)} s`);
    since = performance.now();
  };
}
