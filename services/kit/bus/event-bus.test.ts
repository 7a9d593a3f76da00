import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { createInstrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import { Faults } from '../faults/injector.ts';
import { TestSidecar } from '../testing/dapr-sidecar.ts';
import { sample, scrape } from '../testing/samples.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type CloudEvent, newEnvelope, newEvent } from './cloud-event.ts';
import { DaprTransport } from './dapr-transport.ts';
import { listDeadLetters, replayDeadLetters } from './dead-letters.ts';
import { EmbeddedTransport } from './embedded-transport.ts';
import { type EventHandler, maxAttempts, PoisonEvent, type Transport } from './event-bus.ts';
import type { Task } from './event-data.ts';
import { ObservedBus } from './observed-bus.ts';

const retryMs = 10;
const patience = { timeout: 10_000, interval: 20 };
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

interface Participant {
  readonly transport: Transport;
  /** File that keeps its dead letters. */
  readonly deadLetterFile: string;
}

/** How each bus comes by its participants; everything else is the same for both. */
interface Harness {
  readonly name: string;
  open(): Promise<{
    participant(service: ServiceName): Participant;
    /** After the subscriber has started and its application is served at this URL. */
    connect(url: string): Promise<void>;
  }>;
}

const embedded: Harness = {
  name: 'embedded',
  async open() {
    const path = join(temporaryDirectory(), 'bus.sqlite');
    return {
      participant: (subscriber) => ({
        transport: new EmbeddedTransport({ path, subscriber, retryDelayMs: () => retryMs }),
        deadLetterFile: path,
      }),
      connect: async () => {},
    };
  },
};

const dapr: Harness = {
  name: 'dapr',
  async open() {
    const directory = temporaryDirectory();
    const sidecar = await TestSidecar.start(retryMs);
    onTestFinished(() => sidecar.close());
    return {
      participant: (subscriber) => {
        const ledgerPath = join(directory, `${subscriber}.sqlite`);
        const options = {
          httpPort: sidecar.port,
          pubsub: 'pubsub',
          stateStore: 'state',
          subscriber,
          ledgerPath,
        };
        return { transport: new DaprTransport(options), deadLetterFile: ledgerPath };
      },
      connect: (url) => sidecar.connect(url),
    };
  },
};

function observe(service: ServiceName, transport: Transport) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const instrumentation = createInstrumentation({ service, env: {}, destination });
  const faults = new Faults({ service, directory: undefined, log: instrumentation.logger('faults') });
  return { bus: new ObservedBus({ transport, instrumentation, faults }), instrumentation, lines };
}

/** backend-api publishes, audit subscribes to task events with the handler. */
async function connected(harness: Harness, handler: EventHandler<'task-events'>) {
  const { participant, connect } = await harness.open();
  const publisher = observe('backend-api', participant('backend-api').transport);
  const { transport, deadLetterFile } = participant('audit');
  const subscriber = observe('audit', transport);
  subscriber.bus.subscribe('task-events', handler);
  await subscriber.bus.start();
  const app = express().use(subscriber.instrumentation.operational());
  if (transport instanceof DaprTransport) app.use(transport.routes());
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await connect(url);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await subscriber.bus.stop();
    await publisher.bus.stop();
  });
  return {
    publish: (event: CloudEvent) => publisher.bus.publish(event),
    count: async (outcome: string) =>
      sample(await scrape(url), 'events_processed_total', { topic: 'task-events', outcome }),
    deadLetterGauge: async () => sample(await scrape(url), 'event_dead_letters', { topic: 'task-events' }),
    deadLetterFile,
    subscriber,
  };
}

function task(title = 'Water the plants'): Task {
  const now = new Date().toISOString();
  const times = { due_at: null, remind_at: null, created_at: now, updated_at: now };
  const id = crypto.randomUUID();
  return { id, owner: 'demo-01', title, notes: '', recurrence: null, done: false, version: 1, ...times };
}

function created(of: Task): CloudEvent {
  return newEvent(
    'sightline.task.created',
    { task: of, changed: [], actor: 'demo-01' },
    {
      service: 'backend-api',
      subject: of.id,
      requestId: 'request-1',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
  );
}

function unreadable(): CloudEvent {
  return newEnvelope('sightline.task.created', { poison: true }, { service: 'backend-api', subject: 'x' });
}

describe.each([embedded, dapr])('the $name bus', (harness) => {
  test('delivers data within the request and the trace that published it', async () => {
    const seen: unknown[] = [];
    const { publish, subscriber } = await connected(harness, async (event) => {
      const current = subscriber.instrumentation.trace.current();
      seen.push([event.data.task.title, current?.requestId, current?.traceId]);
    });
    await publish(created(task('Pay the rent')));
    await vi.waitFor(() => expect(seen).toEqual([['Pay the rent', 'request-1', traceId]]), patience);
    await vi.waitFor(() => {
      const line = subscriber.lines.find((text) => text.includes('event processed'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({
        request_id: 'request-1',
        user_id: 'demo-01',
        attempt: 1,
      });
    }, patience);
  });

  test('delivers again what a handler failed at', async () => {
    let attempts = 0;
    const { publish, count } = await connected(harness, async () => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
    });
    await publish(created(task()));
    await vi.waitFor(async () => expect(await count('success')).toBe(1), patience);
    expect(attempts).toBe(3);
    expect(await count('retry')).toBe(2);
    expect(await count('dead_letter')).toBe(0);
  });

  test('gives up after the last attempt, and the others go on', async () => {
    const hopeless = task('hopeless');
    const seen: string[] = [];
    const { publish, count, deadLetterGauge, deadLetterFile } = await connected(harness, async (event) => {
      seen.push(event.data.task.title);
      if (event.data.task.id === hopeless.id) throw new Error('the disk is full');
    });
    await publish(created(hopeless));
    await publish(created(task('fine')));
    await vi.waitFor(async () => expect(await count('dead_letter')).toBe(1), patience);
    await vi.waitFor(async () => expect(await deadLetterGauge()).toBe(1), patience);
    expect(await count('success')).toBe(1);
    expect(await count('retry')).toBe(maxAttempts - 1);
    expect(seen.filter((title) => title === 'hopeless')).toHaveLength(maxAttempts);
    const [letter] = listDeadLetters(deadLetterFile);
    expect(letter).toMatchObject({ subscriber: 'audit', topic: 'task-events', attempts: maxAttempts });
    expect(letter?.reason).toContain('the disk is full');
  });

  test('dead-letters at once what no retry will mend', async () => {
    let handled = 0;
    const { publish, count, deadLetterFile } = await connected(harness, async () => {
      handled += 1;
      throw new PoisonEvent('this user never existed');
    });
    await publish(created(task()));
    await publish(unreadable());
    await vi.waitFor(async () => expect(await count('dead_letter')).toBe(2), patience);
    expect(handled).toBe(1);
    expect(await count('retry')).toBe(0);
    await vi.waitFor(() => {
      const reasons = listDeadLetters(deadLetterFile).map(({ reason }) => reason);
      expect(reasons).toContain('this user never existed');
      expect(reasons.some((reason) => reason.includes('does not fit'))).toBe(true);
    }, patience);
  });

  test('delivers a dead letter again when asked to, once', async () => {
    let broken = true;
    const seen: string[] = [];
    const { publish, count, deadLetterFile } = await connected(harness, async (event) => {
      if (broken) throw new PoisonEvent('a bug');
      seen.push(event.data.task.title);
    });
    await publish(created(task('replayed')));
    await vi.waitFor(() => expect(listDeadLetters(deadLetterFile)).toHaveLength(1), patience);
    broken = false;
    expect(replayDeadLetters(deadLetterFile, { subscriber: 'audit' })).toBe(1);
    await vi.waitFor(() => expect(seen).toEqual(['replayed']), patience);
    await vi.waitFor(async () => expect(await count('success')).toBe(1), patience);
    expect(listDeadLetters(deadLetterFile)).toEqual([]);
    expect(replayDeadLetters(deadLetterFile, {})).toBe(0);
    expect(() => replayDeadLetters(deadLetterFile, { id: 1 })).toThrow('SL1708');
  });
});

test('publishing to a sidecar that is away is an error and is counted', async () => {
  const sidecar = await TestSidecar.start(retryMs);
  const { port } = sidecar;
  await sidecar.close();
  const ledgerPath = join(temporaryDirectory(), 'ledger.sqlite');
  const transport = new DaprTransport({
    httpPort: port,
    pubsub: 'pubsub',
    stateStore: 'state',
    subscriber: 'audit',
    ledgerPath,
  });
  const { instrumentation } = observe('backend-api', transport);
  const faults = new Faults({
    service: 'backend-api',
    directory: undefined,
    log: instrumentation.logger('faults'),
  });
  const countPublished = vi.fn();
  const bus = new ObservedBus({ transport, instrumentation, faults, countPublished });
  await expect(bus.publish(created(task()))).rejects.toThrow();
  expect(countPublished.mock.calls).toEqual([[{ topic: 'task-events', outcome: 'failure' }]]);
  await bus.stop();
});
