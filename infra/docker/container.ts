import type { ClusterSecretName } from '../kubernetes/secrets.ts';

/** How Docker finds out that a container does its work; a published image may hold nothing to ask with. */
type Health =
  /** A command inside the container, without a shell of Docker's; exit code 0 is healthy. */
  { readonly test: readonly [string, ...string[]] } | { readonly none: string };

/** A folder of the host, or its socket, in a container. */
interface HostMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Whether what is mounted below it later is seen too. */
  readonly followsHost?: true;
}

/** One container as plain data: compose and Pulumi are made from it, and nothing else about it is known. */
export interface ContainerSpec {
  /** Its name on the network, and the `service` of its series and lines. */
  readonly name: string;
  readonly namespace: string;
  /** A published image, or one that is built from this repository. */
  readonly image: { readonly published: string } | { readonly built: BuiltImageName };
  readonly command: readonly string[];
  /** `uid:gid`. */
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where it listens within the network. */
  readonly port: number;
  /** Whether people reach that port from the host. */
  readonly isPublished?: true;
  /** Whether Prometheus scrapes it. */
  readonly isScraped?: false;
  /** How many there are, all by the same name; 1 unless said otherwise. */
  readonly replicas?: number;
  /** Beginnings of the paths of the rendered files that it reads. */
  readonly reads: readonly string[];
  readonly secrets: readonly ClusterSecretName[];
  /** Named volumes, which outlive the container. */
  readonly volumes: readonly { readonly name: VolumeName; readonly path: string }[];
  readonly hostMounts?: readonly HostMount[];
  /** Folders in memory; everything else of the root filesystem cannot be written. */
  readonly tmpfs: readonly string[];
  readonly health: Health;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopSeconds: number;
  /** Sees the processes of the host. */
  readonly seesHostProcesses?: true;
}

/** What is kept, by what it is. */
export const volumeNames = [
  'prometheus',
  'alertmanager',
  'loki',
  'promtail',
  'grafana',
  'inbox',
  'tasks',
  'log-queue',
  'log-keys',
  'log-canary',
  'kafka',
] as const;
type VolumeName = (typeof volumeNames)[number];

/** Images of this repository: targets of its Dockerfile. */
export const builtImages = ['services', 'inbox'] as const;
export type BuiltImageName = (typeof builtImages)[number];

/** Where containers find what was rendered, and their secrets; no file of ours names another place. */
export const containerRoot = '/etc/sightline';

export const secretPath = (name: ClusterSecretName): string => `${containerRoot}/secrets/${name}`;

/** The uid and gid of `nobody` in the images of Prometheus and its exporters. */
export const nobody = '65534:65534';

/** Asks over HTTP with what the image has: busybox. */
export const byWget = (port: number, path: string): Health => ({
  test: ['wget', '-q', '-T', '4', '-O', '/dev/null', `http://127.0.0.1:${port}${path}`],
});

/** Asks over HTTP with what the image has: Node. */
export const byNode = (port: number, path: string): Health => ({
  test: [
    'node',
    '-e',
    `fetch('http://127.0.0.1:${port}${path}',{signal:AbortSignal.timeout(4000)}).then((answer)=>process.exit(answer.ok?0:1),()=>process.exit(1))`,
  ],
});

/** Asks over HTTP with what the image has: bash. */
export const byBash = (port: number, path: string): Health => ({
  test: [
    'bash',
    '-c',
    `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3 && read -r -t 4 _ status _ <&3 && [ "$status" = 200 ]`,
  ],
});
