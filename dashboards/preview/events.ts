import type { RequestHandler, Response } from 'express';
import type { DashboardSource, SourceState } from './dashboard-source.ts';

/** Browsers keep one each while they are looked at; beyond this, something does not close them. */
const maxListeners = 200;
const heartbeatMs = 20_000;

export interface Events {
  readonly handle: RequestHandler;
  /** Ends what is open, so that the server can close. */
  readonly close: () => void;
}

/** Tells every page that listens what state the dashboards are in: at once, and with every change. */
export function eventsOf(source: Pick<DashboardSource, 'state' | 'subscribe'>): Events {
  const open = new Set<Response>();
  const message = (state: SourceState): string => `data: ${JSON.stringify(state)}\n\n`;
  return {
    handle: (request, response) => {
      if (open.size >= maxListeners) {
        response.status(503).json({ error: `There are ${maxListeners} listeners already` });
        return;
      }
      response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(message(source.state()));
      const end = source.subscribe((state) => response.write(message(state)));
      const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs);
      open.add(response);
      request.on('close', () => {
        clearInterval(heartbeat);
        end();
        open.delete(response);
      });
    },
    close: () => {
      for (const response of open) response.end();
    },
  };
}
