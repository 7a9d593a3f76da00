import { Agent, request } from 'undici';

/** Milliseconds for one answer; a stop waits for the container. */
const timeoutMs = 120_000;

/** Bodies of Docker's Engine API v1.41, as far as they are sent here. */
export interface CreateContainer {
  readonly Image: string;
  readonly Cmd?: readonly string[];
  readonly User: string;
  readonly Hostname: string;
  readonly Env?: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Healthcheck: {
    readonly Test: readonly string[];
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly StartPeriod?: number;
    readonly Retries?: number;
  };
  readonly StopTimeout: number;
  readonly HostConfig: object;
  readonly NetworkingConfig: object;
}

export interface ContainerState {
  readonly State: { readonly Status: string; readonly ExitCode: number };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

interface Call {
  readonly body?: string | Buffer | NodeJS.ReadableStream;
  readonly contentType?: string;
}

/** A Docker host, by its API at a Unix socket. */
export class DockerApi {
  private readonly dispatcher: Agent;

  constructor(socketPath: string) {
    this.dispatcher = new Agent({
      connect: { socketPath },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  close(): Promise<void> {
    return this.dispatcher.close();
  }

  ping(): Promise<string> {
    return this.text('GET', '/_ping');
  }

  createNetwork(Name: string): Promise<string> {
    return this.post('/networks/create', { Name, CheckDuplicate: true });
  }

  createVolume(Name: string): Promise<string> {
    return this.post('/volumes/create', { Name });
  }

  /** Makes an image of one layer, with instructions as a Dockerfile has them. */
  async importImage(
    repository: string,
    tag: string,
    layer: NodeJS.ReadableStream,
    changes: readonly string[],
  ): Promise<void> {
    const query = new URLSearchParams({ fromSrc: '-', repo: `${repository}:${tag}` });
    for (const change of changes) query.append('changes', change);
    const told = await this.text('POST', `/images/create?${query}`, {
      body: layer,
      contentType: 'application/x-tar',
    });
    // The answer begins before the work does: a failure is only told in it.
    if (!/"status":\s*"sha256:/.test(told)) throw new Error(`${repository}:${tag} is not imported: ${told}`);
  }

  tagImage(image: string, repository: string, tag: string): Promise<string> {
    return this.text('POST', `/images/${image}/tag?${new URLSearchParams({ repo: repository, tag })}`);
  }

  createContainer(name: string, body: CreateContainer): Promise<string> {
    return this.post(`/containers/create?name=${name}`, body);
  }

  startContainer(name: string): Promise<string> {
    return this.text('POST', `/containers/${name}/start`);
  }

  stopContainer(name: string, seconds: number): Promise<string> {
    return this.text('POST', `/containers/${name}/stop?t=${seconds}`);
  }

  /** Ends its process at once, by SIGKILL. */
  killContainer(name: string): Promise<string> {
    return this.text('POST', `/containers/${name}/kill?signal=KILL`);
  }

  /** Unpacks a tar archive into a folder of the container. */
  upload(name: string, folder: string, archive: NodeJS.ReadableStream): Promise<string> {
    return this.text('PUT', `/containers/${name}/archive?${new URLSearchParams({ path: folder })}`, {
      body: archive,
      contentType: 'application/x-tar',
    });
  }

  /** Runs a command in a container, and returns what it prints. */
  async execute(name: string, command: readonly string[]): Promise<string> {
    const made = await this.post(`/containers/${name}/exec`, {
      Cmd: command,
      AttachStdout: true,
      AttachStderr: true,
      Tty: true,
    });
    const { Id } = JSON.parse(made) as { Id: string };
    const printed = await this.post(`/exec/${Id}/start`, { Detach: false, Tty: true });
    const { ExitCode } = JSON.parse(await this.text('GET', `/exec/${Id}/json`)) as { ExitCode: number };
    if (ExitCode !== 0) throw new Error(`${command.join(' ')} ends with ${ExitCode} in ${name}: ${printed}`);
    return printed.trim();
  }

  async inspect(name: string): Promise<ContainerState> {
    return JSON.parse(await this.text('GET', `/containers/${name}/json`)) as ContainerState;
  }

  logs(name: string): Promise<string> {
    return this.text('GET', `/containers/${name}/logs?stdout=1&stderr=1&tail=20`);
  }

  /** Runs the container's own health check now: Podman leaves it to systemd's timers, which a test host may not have. */
  async isHealthy(name: string): Promise<boolean> {
    const answer = await this.send('GET', `/v4.0.0/libpod/containers/${name}/healthcheck`);
    const { Status } = JSON.parse(await answer.body.text()) as { Status?: string };
    return answer.statusCode === 200 && Status === 'healthy';
  }

  private post(path: string, body: object): Promise<string> {
    return this.text('POST', path, { body: JSON.stringify(body), contentType: 'application/json' });
  }

  private async text(method: 'GET' | 'POST' | 'PUT', path: string, call: Call = {}): Promise<string> {
    const answer = await this.send(method, `/v1.41${path}`, call);
    const text = await answer.body.text();
    if (answer.statusCode >= 400)
      throw new Error(`${method} ${path.split('?')[0]}: ${answer.statusCode} ${text.slice(0, 1000)}`);
    return text;
  }

  private send(method: 'GET' | 'POST' | 'PUT', path: string, { body, contentType }: Call = {}) {
    return request(`http://docker${path}`, {
      method,
      dispatcher: this.dispatcher,
      ...(body !== undefined && { body: body as Buffer }),
      ...(contentType && { headers: { 'content-type': contentType } }),
    });
  }
}
