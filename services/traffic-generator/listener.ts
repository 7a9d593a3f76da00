import { WebSocket } from 'ws';
import type { Client } from './client.ts';
import type { Random } from './random.ts';
import type { Statistics } from './statistics.ts';
import type { VirtualUser } from './virtual-user.ts';

/** Seconds that a connection lasts on average until the user's network or browser ends it. */
const meanSessionSeconds = 120;
/** Share of sessions that end without a closing handshake, as when a laptop is shut. */
const rudeShare = 0.15;
const maxPauseMs = 30_000;

/** Keeps one user's WebSocket open, and comes back when it is lost, asking for what was missed. */
export class Listener {
  readonly #url: string;
  readonly #user: VirtualUser;
  readonly #client: Client;
  readonly #random: Random;
  readonly #statistics: Statistics;
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  /** The last change that was seen; undefined before the first connection. */
  #last: number | undefined;
  #stopped = false;

  constructor(baseUrl: string, user: VirtualUser, client: Client, random: Random, statistics: Statistics) {
    this.#url = `${baseUrl.replace(/^http/, 'ws')}/updates`;
    this.#user = user;
    this.#client = client;
    this.#random = random;
    this.#statistics = statistics;
  }

  start(): void {
    this.#again(this.#random.below(3000));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
  }

  #again(delayMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), delayMs);
  }

  #connect(): void {
    const { token } = this.#user;
    if (token === undefined) {
      this.#again(1000);
      return;
    }
    const counts = this.#statistics.webSockets;
    const resume = this.#last === undefined ? '' : `?resume=${this.#last}`;
    const socket = new WebSocket(`${this.#url}${resume}`, {
      headers: { ...this.#client.identity(), authorization: `Bearer ${token}` },
      handshakeTimeout: 5000,
      maxPayload: 1024 * 1024,
    });
    this.#socket = socket;
    let opened = false;
    socket.on('open', () => {
      opened = true;
      this.#failures = 0;
      counts.connected += 1;
      counts.connects += 1;
      if (resume !== '') counts.resumes += 1;
      socket.send(JSON.stringify({ type: 'hello' }));
      this.#timer = setTimeout(() => this.#leave(socket), this.#random.gap(1 / meanSessionSeconds) * 1000);
    });
    socket.on('message', (data) => {
      counts.messages += 1;
      this.#last = idOf(String(data)) ?? this.#last;
    });
    socket.on('error', () => {
      // 'close' follows and does what is to be done.
    });
    socket.on('close', () => {
      if (opened) {
        counts.connected -= 1;
        this.#again(500 + this.#random.below(2500));
        return;
      }
      counts.failures += 1;
      this.#failures += 1;
      const pause = Math.min(maxPauseMs, 500 * 2 ** this.#failures);
      this.#again(pause / 2 + this.#random.next() * (pause / 2));
    });
  }

  #leave(socket: WebSocket): void {
    if (this.#random.chance(rudeShare)) socket.terminate();
    else socket.close(1000);
  }
}

function idOf(text: string): number | undefined {
  try {
    const message: unknown = JSON.parse(text);
    const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : undefined;
    return typeof id === 'number' ? id : undefined;
  } catch {
    return undefined;
  }
}
