import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SightlineError } from '../../telemetry/errors.ts';
import { makeDirectory } from '../../telemetry/make-directory.ts';
import type { PagerDutyEvent, ReceivedEvent } from './pagerduty.ts';
import type { SlackMessage } from './slack.ts';

export interface ReceivedMessage {
  readonly id: number;
  readonly channel: string;
  readonly receivedAt: string;
  readonly message: SlackMessage;
}

export interface Heartbeat {
  readonly lastSeen: string;
  readonly count: number;
}

/** The newest are kept, of messages and of events each. */
export const keptRows = 1000;

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, received_at TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, dedup_key TEXT NOT NULL, received_at TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1), last_seen TEXT NOT NULL, count INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS deadman (
    id INTEGER PRIMARY KEY CHECK (id = 1), silent_since INTEGER
  );
`;

/** What arrived, kept across restarts. */
export class InboxStore {
  readonly #database: DatabaseSync;

  /** @throws SightlineError SL1513 when the file cannot be used. */
  constructor(directory: string) {
    const file = path.join(directory, 'inbox.db');
    try {
      makeDirectory(directory);
      this.#database = new DatabaseSync(file);
      this.#database.exec(schema);
    } catch (cause) {
      throw new SightlineError('SL1513', {
        what: cause instanceof Error ? cause.message : String(cause),
        where: file,
        fix: 'make the directory writable, or move the file away: it only holds past messages',
        cause,
      });
    }
  }

  addMessage(channel: string, message: SlackMessage): void {
    this.#database
      .prepare('INSERT INTO messages (channel, received_at, body) VALUES (?, ?, ?)')
      .run(channel, now(), JSON.stringify(message));
    this.#trim('messages');
  }

  /** Newest first. */
  messages(limit: number, channel?: string): readonly ReceivedMessage[] {
    return this.#database
      .prepare('SELECT * FROM messages WHERE ? IS NULL OR channel = ? ORDER BY id DESC LIMIT ?')
      .all(channel ?? null, channel ?? null, limit)
      .map((row) => ({
        id: Number(row.id),
        channel: String(row.channel),
        receivedAt: String(row.received_at),
        message: JSON.parse(String(row.body)) as SlackMessage,
      }));
  }

  addEvent(dedupKey: string, event: PagerDutyEvent): void {
    // The key of the integration is a secret, and nothing here needs it.
    const { routing_key: _, ...kept } = event;
    this.#database
      .prepare('INSERT INTO events (dedup_key, received_at, body) VALUES (?, ?, ?)')
      .run(dedupKey, now(), JSON.stringify(kept));
    this.#trim('events');
  }

  /** Oldest first. */
  events(): readonly ReceivedEvent[] {
    return this.#database
      .prepare('SELECT * FROM events ORDER BY id')
      .all()
      .map((row) => ({
        receivedAt: String(row.received_at),
        dedupKey: String(row.dedup_key),
        event: JSON.parse(String(row.body)) as PagerDutyEvent,
      }));
  }

  /** @param at milliseconds since the epoch */
  beat(at: number): void {
    this.#database
      .prepare(
        'INSERT INTO heartbeat VALUES (1, ?, 1) ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, count = count + 1',
      )
      .run(new Date(at).toISOString());
  }

  heartbeat(): Heartbeat | undefined {
    const row = this.#database.prepare('SELECT * FROM heartbeat').get();
    return row && { lastSeen: String(row.last_seen), count: Number(row.count) };
  }

  /** When the dead man's switch spoke, in milliseconds since the epoch; undefined while heartbeats come. */
  silentSince(): number | undefined {
    const since = this.#database.prepare('SELECT silent_since FROM deadman').get()?.silent_since;
    return typeof since === 'number' ? since : undefined;
  }

  setSilentSince(at: number | undefined): void {
    this.#database
      .prepare(
        'INSERT INTO deadman VALUES (1, ?) ON CONFLICT DO UPDATE SET silent_since = excluded.silent_since',
      )
      .run(at ?? null);
  }

  /** Messages and events; the heartbeat stays, for it says what is true now. */
  clear(): void {
    this.#database.exec('DELETE FROM messages; DELETE FROM events;');
  }

  close(): void {
    this.#database.close();
  }

  #trim(table: 'messages' | 'events'): void {
    this.#database.exec(`DELETE FROM ${table} WHERE id <= (SELECT MAX(id) FROM ${table}) - ${keptRows}`);
  }
}

const now = (): string => new Date().toISOString();
