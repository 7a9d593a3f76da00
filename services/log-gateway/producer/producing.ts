import { type RequestHandler, Router } from 'express';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';
import type { ProcessContext } from '../../pipeline/frame.ts';
import { operations } from '../api/operations.ts';
import { proxyTo } from '../behind/proxy.ts';
import { BodyReader } from '../intake/body.ts';
import { Judges } from '../intake/judges.ts';
import { watchRoom } from '../intake/queue-room.ts';
import { intakeRoutes } from '../intake/routes.ts';
import { Intake } from '../intake/take.ts';
import type { Guard } from '../keys/authentication.ts';
import { openQueue } from '../open-queue.ts';

/** The taking of logs, here or in a process of its own. */
export interface Producing {
  readonly routes: Router;
  /** Throws where nothing is taken. */
  probe(): Promise<void> | void;
  close(): Promise<void> | void;
}

const probeMs = 1500;
const absence = { status: 503, detail: 'The log producer does not answer', retryAfter: 5 } as const;

/** Takes logs into the queue of this process. */
export async function ownProducing(context: ProcessContext<'log-gateway'>, guard: Guard): Promise<Producing> {
  const { instrumentation } = context;
  const { limits } = context.config;
  const queue = await openQueue(context);
  const judges = new Judges({
    limits,
    onTrouble: (error) =>
      instrumentation.logger('intake').error('A thread that judges requests ended', { error }),
  });
  const endWatch = watchRoom(queue, instrumentation);
  return {
    routes: intakeRoutes({
      intake: new Intake({ queue, instrumentation }),
      judges,
      bodies: new BodyReader(limits),
      guard,
      trace: instrumentation.trace,
      decompressedBytes: limits.decompressedBytes,
    }),
    probe() {
      const { refusal } = queue.state();
      if (refusal !== undefined) throw refusal;
    },
    async close() {
      endWatch();
      await judges.close();
      await queue.close();
    },
  };
}

/** Hands what is sent on to a producer that runs apart, which looks at the key again. */
export function producingApart(
  url: string,
  { config, instrumentation }: ProcessContext<'log-gateway'>,
  guard: Guard,
): Producing {
  const routes = Router();
  const traced: RequestHandler = (request, _response, next) => {
    const headers = instrumentation.trace.inject();
    for (const [name, value] of Object.entries(headers)) request.headers[name.toLowerCase()] = value;
    next();
  };
  const proxy = proxyTo(url, absence);
  for (const path of writingPaths(config.limits)) routes.post(path, ...guard('write'), traced, proxy);
  return {
    routes,
    async probe() {
      const { ok } = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(probeMs) });
      if (!ok) throw new Error('the log producer is not ready');
    },
    close() {},
  };
}

const writingPaths = (limits: PipelineConfig['limits']): readonly string[] =>
  operations(limits)
    .filter(({ scope }) => scope === 'write')
    .map(({ path }) => path);
