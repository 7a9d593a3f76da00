import type { WebSocket } from 'ws';
import type { LabelValue } from '../../telemetry/contract/labels.ts';

type DisconnectReason = LabelValue<'reason'>;

/** A connected client. */
export class Connection {
  readonly user: string;
  readonly socket: WebSocket;
  /** Set before this side ends the connection; otherwise the close code tells. */
  endedBecause: DisconnectReason | undefined;
  /** Whether it answered the last ping. */
  alive = true;
  /** Changes that arrive while earlier ones are still being replayed. */
  #held: { readonly seq: number; readonly text: string }[] | undefined = [];

  constructor(user: string, socket: WebSocket) {
    this.user = user;
    this.socket = socket;
  }

  /** True when it was kept back until the replay is over. */
  hold(seq: number, text: string): boolean {
    this.#held?.push({ seq, text });
    return this.#held !== undefined;
  }

  /** Ends the replay; what was held and is newer than `seq` is still to be sent. */
  release(seq: number): readonly string[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held.filter((change) => change.seq > seq).map(({ text }) => text);
  }

  /** Cuts it without a closing handshake. */
  cut(reason: DisconnectReason): void {
    this.endedBecause ??= reason;
    this.socket.terminate();
  }

  reasonOf(closeCode: number): DisconnectReason {
    if (this.endedBecause !== undefined) return this.endedBecause;
    if (closeCode === 1006) return 'dropped';
    return [1000, 1001, 1005].includes(closeCode) ? 'client_closed' : 'error';
  }
}

/** Who is connected, by user. */
export class Connections {
  readonly #byUser = new Map<string, Set<Connection>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  of(user: string): ReadonlySet<Connection> {
    return this.#byUser.get(user) ?? new Set();
  }

  all(): Connection[] {
    return [...this.#byUser.values()].flatMap((connections) => [...connections]);
  }

  add(connection: Connection): void {
    const connections = this.#byUser.get(connection.user) ?? new Set();
    connections.add(connection);
    this.#byUser.set(connection.user, connections);
    this.#size += 1;
  }

  remove(connection: Connection): void {
    const connections = this.#byUser.get(connection.user);
    if (connections?.delete(connection) !== true) return;
    this.#size -= 1;
    if (connections.size === 0) this.#byUser.delete(connection.user);
  }
}
