import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from '../../infra/repository.ts';
import { copiedFiles, imageInstructions, installedPackages, instructions } from '../support/image-files.ts';
import { freePorts } from '../support/ports.ts';
import { startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';

const target = 'services';

let image = '';
beforeAll(() => {
  image = mkdtempSync(join(tmpdir(), 'services-image-'));
  for (const path of copiedFiles(target)) {
    mkdirSync(dirname(join(image, path)), { recursive: true });
    cpSync(join(repositoryRoot, path), join(image, path));
  }
  // Optional ones are only there on their platform.
  for (const path of installedPackages())
    if (globSync(path, { cwd: repositoryRoot }).length > 0)
      cpSync(join(repositoryRoot, path), join(image, path), { recursive: true });
}, 300_000);
afterAll(() => rmSync(image, { recursive: true, force: true }));

test('the image runs as a user that is not root, with a pinned Node, and without tests or development tools', () => {
  expect(imageInstructions(target)).toContain('USER 1000:1000');
  const froms = instructions().filter((line) => /^FROM (?!common )/.test(line));
  expect(froms).toHaveLength(2);
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')));
  for (const from of froms) expect(from).toContain(`/node:${dependencies.node}-slim`);
  const files = copiedFiles(target);
  expect(files).toContain('services/audit/main.ts');
  expect(files).toContain('telemetry/contract/metrics.ts');
  expect(files.filter((path) => !/^(package\.json$|services\/|telemetry\/)/.test(path))).toEqual([]);
  expect(files.filter((path) => path.endsWith('.test.ts'))).toEqual([]);
  const names = installedPackages();
  expect(names).toContain('node_modules/express');
  for (const tool of ['vitest', 'typescript', 'playwright-core', '@biomejs/biome', 'node'])
    expect(names).not.toContain(`node_modules/${tool}`);
});

test.each(['audit', 'backend-api'])(
  '%s runs from exactly these files, and writes nowhere but to its volume',
  async (service) => {
    const [port = 0] = await freePorts(1);
    const data = mkdtempSync(join(tmpdir(), 'services-data-'));
    const running = startTool(
      process.execPath,
      [
        '--permission',
        '--allow-fs-read=*',
        `--allow-fs-write=${data}`,
        '--allow-worker',
        join(image, `services/${service}/main.ts`),
      ],
      {
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: data,
        EVENT_BUS_PATH: join(data, 'bus.sqlite'),
        BACKEND_API_URL: 'http://127.0.0.1:2',
        AUTH_SECRET: 'a-secret-of-the-test-that-is-long-enough',
        NODE_OPTIONS: '',
      },
    );
    try {
      const health = await waitFor('its health', async () => {
        if (running.process.exitCode !== null) throw new Error(running.output());
        return (await fetch(`http://127.0.0.1:${port}/health`)).status;
      });
      expect(health, running.output()).toBe(200);
    } finally {
      await running.stop();
      rmSync(data, { recursive: true, force: true });
    }
  },
  120_000,
);
