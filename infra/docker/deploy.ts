import { Container, Network, type Provider, RemoteImage, Volume } from '@pulumi/docker';
import { Image } from '@pulumi/docker-build';
import { ComponentResource, type Input, type Output } from '@pulumi/pulumi';
import type { ClusterSecretName } from '../kubernetes/secrets.ts';
import { type BuiltImageName, builtImages, containerRoot, secretPath, volumeNames } from './container.ts';
import { builtImageTag, health, logging } from './host.ts';
import { containerNameOf, type DockerPlan, type PlannedContainer, stackName } from './plan.ts';

/** The repository as Pulumi sees it, which works in the folder of the program. */
const repository = '..';

/**
 * What Docker fills in where nothing is said. It is no difference to what is declared, and none of it is changed by us:
 * without this a refresh would make containers anew at every `up` (pulumi/pulumi-docker, pulumi#9783).
 */
const filledIn = [
  'cgroupnsMode',
  'domainname',
  'entrypoints',
  'init',
  'ipcMode',
  'networkMode',
  'runtime',
  'shmSize',
  'stopSignal',
  'workingDir',
];

export interface DeployOptions {
  readonly provider: Provider;
  readonly secretValue: (name: ClusterSecretName) => Input<string>;
}

/** The plan on a Docker host: one network, named volumes, images, containers. */
export class DockerStack extends ComponentResource {
  constructor(plan: DockerPlan, options: DeployOptions) {
    super('sightline:docker:Stack', stackName, {}, { providers: { docker: options.provider } });
    const network = new Network(`${stackName}-network`, { name: stackName }, { parent: this });
    for (const name of volumeNames)
      new Volume(
        `${stackName}-volume-${name}`,
        { name: `${stackName}-${name}` },
        // What was recorded outlives the program.
        { parent: this, retainOnDelete: true },
      );
    const imageOf = this.images(plan);
    for (const container of plan.containers)
      for (let replica = 1; replica <= (container.replicas ?? 1); replica += 1) {
        const name = containerNameOf(container.name, replica);
        new Container(
          name,
          {
            name,
            ...declared(container, replica, network.name, imageOf(container.image), options.secretValue),
          },
          { parent: this, ignoreChanges: filledIn, deleteBeforeReplace: true },
        );
      }
    this.registerOutputs({});
  }

  /** An image once, however many run it. Containers name it by what it is, not by a tag that may move. */
  private images({ containers }: DockerPlan): (image: PlannedContainer['image']) => Output<string> {
    const published = new Set(
      containers.flatMap(({ image }) => ('published' in image ? [image.published] : [])),
    );
    const ids = new Map([
      ...[...published].map((name) => [name, this.pulled(name)] as const),
      ...builtImages.map((name) => [name, this.built(name)] as const),
    ]);
    return (image) => {
      const id = ids.get('published' in image ? image.published : image.built);
      if (!id) throw new TypeError('every image of a container is declared');
      return id;
    };
  }

  private pulled(name: string): Output<string> {
    const short = /([^/:]+):/.exec(name.split('/').at(-1) ?? '')?.[1];
    return new RemoteImage(`${stackName}-image-${short}`, { name, keepLocally: true }, { parent: this })
      .imageId;
  }

  /** Built by buildx on the host itself, and known by its identity there. */
  private built(name: BuiltImageName): Output<string> {
    const tag = builtImageTag(name);
    const image = new Image(
      `${stackName}-build-${name}`,
      {
        tags: [tag],
        context: { location: repository },
        dockerfile: { location: `${repository}/Dockerfile` },
        target: name,
        // Into the host's Docker, and to no registry.
        exports: [{ docker: {} }],
        push: false,
        buildOnPreview: false,
      },
      { parent: this },
    );
    return new RemoteImage(
      `${stackName}-image-${name}`,
      { name: tag, keepLocally: true, triggers: { context: image.contextHash } },
      { parent: this, dependsOn: [image] },
    ).imageId;
  }
}

function declared(
  container: PlannedContainer,
  replica: number,
  network: Input<string>,
  image: Input<string>,
  secretValue: DeployOptions['secretValue'],
) {
  const { name, port, command, env, replicas = 1 } = container;
  const uploads = [
    ...[...container.files].map(([path, content]) => ({
      file: `${containerRoot}/${path}`,
      content,
      permissions: '0444',
    })),
    ...container.secrets.map((secret) => ({
      file: secretPath(secret),
      content: secretValue(secret),
      permissions: '0444',
    })),
  ];
  return {
    image,
    hostname: replicas === 1 ? name : containerNameOf(name, replica),
    networksAdvanced: [{ name: network, aliases: [name] }],
    ...(command.length > 0 && { command: [...command] }),
    user: container.user,
    ...(Object.keys(env).length > 0 && {
      envs: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    }),
    ...(container.isPublished && { ports: [{ internal: port, external: port, ip: '127.0.0.1' }] }),
    ...(uploads.length > 0 && { uploads }),
    volumes: container.volumes.map((volume) => ({
      volumeName: `${stackName}-${volume.name}`,
      containerPath: volume.path,
    })),
    mounts: (container.hostMounts ?? []).map(({ source, target, readOnly, followsHost }) => ({
      type: 'bind',
      source,
      target,
      readOnly,
      ...(followsHost && { bindOptions: { propagation: 'rslave' } }),
    })),
    tmpfs: Object.fromEntries(container.tmpfs.map((path) => [path, ''])),
    // Docker copies no file into a root filesystem that cannot be written. What is copied belongs to root, and no
    // process here may write what is root's: it has its user's rights and no capability.
    readOnly: uploads.length === 0,
    capabilities: { drops: ['ALL'] },
    securityOpts: ['no-new-privileges:true'],
    ...(container.seesHostProcesses && { pidMode: 'host' }),
    healthcheck:
      'test' in container.health
        ? { tests: ['CMD', ...container.health.test], ...health }
        : { tests: ['NONE'] },
    restart: 'unless-stopped',
    stopTimeout: container.stopSeconds,
    destroyGraceSeconds: container.stopSeconds,
    logDriver: logging.driver,
    logOpts: logging.options,
    labels: Object.entries(container.labels).map(([label, value]) => ({ label, value })),
    wait: false,
    mustRun: true,
  };
}
