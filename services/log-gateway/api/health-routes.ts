import { Router } from 'express';
import { z } from 'zod';
import { pipelineServices } from '../../../telemetry/contract/pipeline.ts';

export interface Dependency {
  readonly name: string;
  /** Throws where it does not do its work. */
  readonly probe: () => Promise<void> | void;
}

/** The state of each dependency; without a key, so without reasons. */
export const healthAnswer = z
  .object({
    status: z.enum(['ok', 'degraded']),
    dependencies: z.record(z.string(), z.enum(['ok', 'degraded'])),
  })
  .meta({ id: 'Health' });
type Health = z.output<typeof healthAnswer>;

export const aboutAnswer = z
  .object({ service: z.string(), description: z.string(), links: z.record(z.string(), z.string()) })
  .meta({ id: 'About' });

/** Askers share an answer this old. */
const maxAgeMs = 2000;
const probeTimeoutMs = 2000;

/** What this is, and how what it needs is doing. */
export function healthRoutes(dependencies: readonly Dependency[]): Router {
  const router = Router();
  let latest: { readonly at: number; readonly health: Promise<Health> } | undefined;

  router.get('/', (_request, response) => {
    response.json({
      service: 'log-gateway',
      description: pipelineServices['log-gateway'].description,
      links: {
        openapi: '/openapi.json',
        docs: '/docs',
        redoc: '/redoc',
        health: '/api/v1/health',
        ready: '/ready',
        metrics: '/metrics',
      },
    } satisfies z.output<typeof aboutAnswer>);
  });

  router.get('/api/v1/health', async (_request, response) => {
    const now = performance.now();
    if (latest === undefined || now - latest.at > maxAgeMs)
      latest = { at: now, health: report(dependencies) };
    response.json(await latest.health);
  });
  return router;
}

async function report(dependencies: readonly Dependency[]): Promise<Health> {
  const states = await Promise.all(
    dependencies.map(async ({ name, probe }) => [name, (await passes(probe)) ? 'ok' : 'degraded'] as const),
  );
  return {
    status: states.every(([, state]) => state === 'ok') ? 'ok' : 'degraded',
    dependencies: Object.fromEntries(states),
  };
}

async function passes(probe: Dependency['probe']): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), probeTimeoutMs);
  });
  try {
    await Promise.race([Promise.resolve().then(probe), expired]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
