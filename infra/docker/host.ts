import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../repository.ts';
import type { BuiltImageName } from './container.ts';

/** Lines of a container stay on the host until there are so many; Promtail has sent them long before. */
export const logging = { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } } as const;

const manifest = z.object({ version: z.string() });
const { version } = manifest.parse(JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')));

/** An image of this repository by its version: it is built where it runs, and pulled from nowhere. */
export const builtImageTag = (name: BuiltImageName): string => `sightline/${name}:${version}`;

/** How often Docker asks, how long it waits for an answer, and when it gives up. */
export const health = {
  interval: '10s',
  timeout: '5s',
  retries: 3,
  startPeriod: '1m0s',
} as const;
