import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DeadmanSwitch } from './deadman-switch.ts';
import type { InboxStore } from './store.ts';

/** What the inbox exposes, for whoever watches this stack from outside. */
export function inboxMetrics(store: InboxStore, deadman: DeadmanSwitch): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'inbox_heartbeats_total',
    help: 'Heartbeats received since the inbox has its database',
    registers,
    collect() {
      this.reset();
      this.inc(store.heartbeat()?.count ?? 0);
    },
  });
  new Gauge({
    name: 'inbox_heartbeat_age_seconds',
    help: 'Time since the last heartbeat; absent before the first',
    registers,
    collect() {
      this.reset();
      const heartbeat = store.heartbeat();
      if (heartbeat) this.set((Date.now() - Date.parse(heartbeat.lastSeen)) / 1000);
      else this.remove();
    },
  });
  new Gauge({
    name: 'inbox_deadman_silent',
    help: '1 while heartbeats are overdue and the dead man’s switch speaks, 0 otherwise',
    registers,
    collect() {
      this.set(deadman.status().state === 'silent' ? 1 : 0);
    },
  });
  return registry;
}
