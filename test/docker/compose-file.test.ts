import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from '../../infra/config.ts';
import { composePath } from '../../infra/docker/compose.ts';
import { builtImageTag, health, logging } from '../../infra/docker/host.ts';
import { type PlannedContainer, planDocker } from '../../infra/docker/plan.ts';
import { dockerFiles } from '../../infra/environment.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { toolPath } from '../support/tools.ts';

/** What compose makes of the file, as far as we mean something by it. */
const normalised = z.object({
  name: z.literal('sightline'),
  networks: z.record(z.string(), z.object({ name: z.string() })),
  volumes: z.record(z.string(), z.object({ name: z.string() })),
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
      command: z.array(z.string()).nullable(),
      environment: z.record(z.string(), z.string()).optional(),
      healthcheck: z.object({ disable: z.boolean() }).partial().loose(),
      ports: z.array(z.object({ host_ip: z.string(), target: z.number(), published: z.string() })).optional(),
      restart: z.string(),
      read_only: z.boolean().default(false),
      logging: z.object({ driver: z.string(), options: z.record(z.string(), z.string()) }),
      scale: z.number().default(1),
      container_name: z.string().optional(),
    }),
  ),
});

let compose = '';
const folders: string[] = [];
beforeAll(async () => {
  compose = await toolPath('docker-compose');
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function configOf(files: ReadonlyMap<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'sightline-compose-'));
  folders.push(folder);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  // Nothing of whoever runs the test: no project, no other file, no address to publish at.
  const { PATH = '', HOME = folder } = process.env;
  return spawnSync(compose, ['--file', composePath, 'config', '--format', 'json'], {
    cwd: folder,
    env: { PATH, HOME },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** Compose doubles a dollar sign in what it prints, so that it can be read again. */
const printed = (text: string): string => text.replaceAll('$', '$$$$');

const expectedHealth = (container: PlannedContainer): object =>
  'test' in container.health
    ? {
        test: ['CMD', ...container.health.test.map(printed)],
        interval: health.interval,
        timeout: health.timeout,
        retries: health.retries,
        start_period: health.startPeriod,
      }
    : { disable: true };

describe.each([1, 3])('the compose file for %d ingestors, as docker compose reads it', (ingestors) => {
  const plan = planDocker(readEnvironment('docker'), ingestors);
  const files = dockerFiles(plan, repositoryRoot);

  it('is accepted without a complaint, and is what the plan says of every container', () => {
    const { status, stdout, stderr } = configOf(files);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { services, networks, volumes } = normalised.parse(JSON.parse(stdout));
    expect(networks.default).toMatchObject({ name: 'sightline' });
    expect(volumes.loki).toMatchObject({ name: 'sightline-loki' });
    expect(Object.keys(services).sort()).toEqual(plan.containers.map(({ name }) => name).sort());
    for (const container of plan.containers) {
      const { image, env, port, replicas = 1 } = container;
      const service = services[container.name];
      expect(service?.image).toBe('published' in image ? image.published : builtImageTag(image.built));
      expect(service?.healthcheck, container.name).toEqual(expectedHealth(container));
      expect(service?.restart).toBe('unless-stopped');
      expect(service?.read_only, container.name).toBe(true);
      expect(service?.logging).toEqual(logging);
      expect(service?.scale).toBe(replicas);
      // A fixed name would let no container beside it.
      expect(service?.container_name).toBeUndefined();
      expect(service?.command ?? []).toEqual(container.command.map(printed));
      expect(service?.environment ?? {}).toEqual(
        Object.fromEntries(Object.entries(env).map(([key, value]) => [key, printed(value)])),
      );
      expect(service?.ports?.map(({ host_ip, target, published }) => [host_ip, target, published])).toEqual(
        container.isPublished && [['127.0.0.1', port, String(port)]],
      );
      if ('built' in image) expect(service?.build?.context).toBe(repositoryRoot);
    }
  });

  it.each([
    ['a key that there is not', 'restart: unless-stopped', 'restarts: unless-stopped', 'restarts'],
    ['a volume that nobody declares', 'source: loki', 'source: lokki', 'undefined volume lokki'],
    ['a time that is none', `interval: ${health.interval}`, 'interval: often', 'often'],
  ])('is refused with %s', (_what, good, bad, complaint) => {
    const text = files.get(composePath) ?? '';
    expect(text).toContain(good);
    const { status, stdout, stderr } = configOf(new Map([...files, [composePath, text.replace(good, bad)]]));
    expect(status).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(complaint);
  });
});
