import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';

interface Subscription {
  readonly url: string;
  readonly topic: string;
  readonly deadLetterTopic: string;
}

/**
 * A broker that speaks the part of Dapr's HTTP API that is used, on a real port: publishing CloudEvents, the
 * application's subscriptions, deliveries answered by SUCCESS, RETRY (delivered again) or DROP (a copy to the
 * dead-letter topic), and state.
 */
export class TestSidecar {
  readonly #server: Server;
  readonly #subscriptions: Subscription[] = [];
  readonly #retryMs: number;
  readonly #state = new Map<string, unknown>();
  /** Ids of the events in each dead-letter topic. */
  readonly deadLetters = new Map<string, string[]>();
  #closed = false;

  private constructor(retryMs: number) {
    this.#retryMs = retryMs;
    const app = express();
    app.get('/v1.0/healthz/outbound', (_request, response) => void response.status(204).end());
    app.post(
      '/v1.0/publish/:pubsub/:topic',
      express.json({ type: 'application/cloudevents+json' }),
      (request, response) => {
        const { topic } = request.params;
        // Dapr puts a span of its own into the event, below the call's, unless the event has a trace of its own.
        const itsSpan = request.get('traceparent')?.replace(/-[0-9a-f]{16}-/, '-00000000deadbeef-');
        const event = {
          ...request.body,
          topic,
          ...('traceid' in request.body ? {} : { traceparent: itsSpan }),
        };
        for (const subscription of this.#subscriptions.filter((one) => one.topic === topic)) {
          void this.#deliver(subscription, event);
        }
        response.status(204).end();
      },
    );
    app.get('/v1.0/state/:store/:key', (request, response) => {
      const value = this.#state.get(request.params.key);
      if (value === undefined) response.status(204).end();
      else response.json(value);
    });
    app.post('/v1.0/state/:store', express.json(), (request, response) => {
      for (const { key, value } of request.body) this.#state.set(key, value);
      response.status(204).end();
    });
    app.delete('/v1.0/state/:store/:key', (request, response) => {
      this.#state.delete(request.params.key);
      response.status(204).end();
    });
    this.#server = createServer(app);
  }

  static async start(retryMs: number): Promise<TestSidecar> {
    const sidecar = new TestSidecar(retryMs);
    await new Promise<void>((resolve) => sidecar.#server.listen(0, '127.0.0.1', resolve));
    return sidecar;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Reads an application's subscriptions, as Dapr does when the application is up. */
  async connect(applicationUrl: string): Promise<void> {
    const response = await fetch(`${applicationUrl}/dapr/subscribe`);
    const wanted = (await response.json()) as {
      topic: string;
      route: string;
      deadLetterTopic: string;
    }[];
    for (const { route, ...of } of wanted)
      this.#subscriptions.push({ ...of, url: `${applicationUrl}${route}` });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #deliver({ url, deadLetterTopic }: Subscription, event: { readonly id: string }): Promise<void> {
    while (!this.#closed) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/cloudevents+json' },
          body: JSON.stringify(event),
        });
        const { status } = (await response.json()) as { status: string };
        if (status === 'DROP')
          this.deadLetters.set(deadLetterTopic, [...(this.deadLetters.get(deadLetterTopic) ?? []), event.id]);
        if (status !== 'RETRY') return;
      } catch {
        // The application is away; Dapr tries again too.
      }
      await delay(this.#retryMs);
    }
  }
}
