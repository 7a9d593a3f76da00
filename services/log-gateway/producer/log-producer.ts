import { Router } from 'express';
import type { ProcessContext, ProcessParts } from '../../pipeline/frame.ts';
import { operations } from '../api/operations.ts';
import { otherMethods } from '../api/other-methods.ts';
import { doorOf, tellRetryAfter } from '../door.ts';
import { ownProducing } from './producing.ts';

/** Takes logs into the queue, apart from all else that the gateway does. Its metrics are part of the gateway's. */
export async function buildLogProducer(context: ProcessContext<'log-gateway'>): Promise<ProcessParts> {
  const { config, instrumentation } = context;
  const { ring, redis, guard } = doorOf(context, 'producer');
  const producing = await ownProducing(context, guard);
  instrumentation.health.register('queue', () => producing.probe());
  instrumentation.health.register('keys', () => ring.probe());
  const routes = Router();
  routes.use(producing.routes);
  routes.use(otherMethods(operations(config.limits).filter(({ scope }) => scope === 'write')));
  routes.use(tellRetryAfter);
  return {
    routes,
    listener: config.producer,
    close: () => {
      redis?.close();
      return producing.close();
    },
  };
}
