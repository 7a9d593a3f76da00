import { WebSocket } from 'ws';
import type { LineLog } from '../../telemetry/instrument/declared-line.ts';
import type { Instrumentation } from '../../telemetry/instrument/instrumentation.ts';
import type { Logger } from '../../telemetry/instrument/logger.ts';
import type { Faults } from '../kit/faults/injector.ts';
import { Connection, Connections } from './connections.ts';
import { type Change, changeMessage, type UpdateLog } from './update-log.ts';

export interface UpdatesHubOptions {
  readonly log: UpdateLog;
  readonly faults: Faults;
  readonly instrumentation: Instrumentation<'backend-api'>;
}

/** Milliseconds between pings; a client that did not answer the last one is gone. */
const pingMs = 15_000;
/** Bytes that may wait for a slow client before it is cut. */
const maxBufferedBytes = 1024 * 1024;
/** Milliseconds that clients have to answer the closing handshake at shutdown. */
const closingMs = 1000;

/** Pushes changes of tasks to the WebSocket clients of their owner. */
export class UpdatesHub {
  readonly #options: UpdatesHubOptions;
  readonly #logger: Logger;
  readonly #disconnected: LineLog<'websocket_disconnected'>;
  readonly #connections = new Connections();
  readonly #measures;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(options: UpdatesHubOptions) {
    const { metrics, logger, line } = options.instrumentation;
    this.#options = options;
    this.#logger = logger('websocket');
    this.#disconnected = line('websocket_disconnected');
    this.#measures = {
      connections: metrics.gauge('websocket_connections'),
      messages: metrics.counter('websocket_messages_total'),
      deliveries: metrics.counter('websocket_deliveries_total'),
      reconnects: metrics.counter('websocket_reconnects_total'),
      disconnects: metrics.counter('websocket_disconnects_total'),
    };
    this.#measures.connections.set(0);
  }

  start(): void {
    const every = (ms: number, run: () => void) => {
      const timer = setInterval(run, ms);
      timer.unref();
      this.#timers.push(timer);
    };
    every(pingMs, () => this.#ping());
    every(1000, () => this.#dropOnDemand());
  }

  connectionsOf(user: string): number {
    return this.#connections.of(user).size;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Takes over an authenticated socket. With `resume`, what the client missed since that number comes first. */
  async welcome(user: string, socket: WebSocket, resume: number | undefined): Promise<void> {
    const connection = new Connection(user, socket);
    this.#connections.add(connection);
    this.#measures.connections.set(this.#connections.size);
    if (resume !== undefined) this.#measures.reconnects.inc();
    socket.on('message', () => this.#measures.messages.inc({ direction: 'received' }));
    socket.on('pong', () => {
      connection.alive = true;
    });
    socket.on('error', (error) => {
      connection.endedBecause ??= 'error';
      this.#logger.warning('WebSocket error', { user_id: user, error });
    });
    socket.on('close', (code) => this.#goodbye(connection, code));
    this.#logger.info('WebSocket connected', { user_id: user, resumed: resume !== undefined });
    try {
      await this.#catchUp(connection, resume);
    } catch (error) {
      this.#logger.error('WebSocket client could not be caught up', { user_id: user, error });
      connection.cut('error');
    }
  }

  /** Records a change and pushes it; a repeated event is pushed once. */
  async push(eventId: string, change: Change): Promise<void> {
    const seq = await this.#options.log.append(eventId, change);
    if (seq === undefined) return;
    const text = changeMessage(seq, change);
    const receivers = this.#connections.of(change.owner);
    for (const connection of receivers) {
      if (this.#options.faults.strikes('websocket-drop')) connection.cut('dropped');
      if (!connection.hold(seq, text)) this.#deliver(connection, text);
    }
    this.#logger.info('change pushed', { task_id: change.task_id, connections: receivers.size });
  }

  /** Says goodbye to all, and cuts whoever does not answer in a second. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const open = this.#connections.all();
    const gone = open.map((connection) => {
      connection.endedBecause ??= 'server_shutdown';
      return new Promise<void>((resolve) => {
        connection.socket.once('close', () => resolve());
        connection.socket.close(1001, 'server shutdown');
      });
    });
    const impatience = setTimeout(() => {
      for (const { socket } of open) socket.terminate();
    }, closingMs);
    await Promise.all(gone);
    clearTimeout(impatience);
  }

  async #catchUp(connection: Connection, resume: number | undefined): Promise<void> {
    const { log } = this.#options;
    let last = resume ?? (await log.latest(connection.user));
    if (resume !== undefined) {
      const missed = await log.since(connection.user, resume);
      if (!missed.complete) this.#send(connection, JSON.stringify({ type: 'resync' }));
      for (const { seq, text } of missed.updates) {
        this.#deliver(connection, text);
        last = seq;
      }
    }
    this.#send(connection, JSON.stringify({ type: 'hello', id: last }));
    for (const text of connection.release(last)) this.#deliver(connection, text);
  }

  #deliver(connection: Connection, text: string): void {
    if (connection.socket.bufferedAmount > maxBufferedBytes) connection.cut('slow_client');
    this.#send(connection, text, (error) => {
      this.#measures.deliveries.inc({ outcome: error ? 'failure' : 'success' });
    });
  }

  #send(connection: Connection, text: string, done: (error?: Error | null) => void = () => {}): void {
    connection.socket.send(text, (error) => {
      if (!error) this.#measures.messages.inc({ direction: 'sent' });
      done(error);
    });
  }

  #goodbye(connection: Connection, code: number): void {
    const reason = connection.reasonOf(code);
    this.#connections.remove(connection);
    this.#measures.connections.set(this.#connections.size);
    this.#measures.disconnects.inc({ reason });
    this.#disconnected({ user_id: connection.user, reason, code });
  }

  #ping(): void {
    for (const connection of this.#connections.all()) {
      if (!connection.alive) {
        connection.cut('dropped');
      } else if (connection.socket.readyState === WebSocket.OPEN) {
        connection.alive = false;
        connection.socket.ping();
      }
    }
  }

  #dropOnDemand(): void {
    for (const connection of this.#connections.all()) {
      if (this.#options.faults.strikes('websocket-drop')) connection.cut('dropped');
    }
  }
}
