import type { Instrumentation } from '../../telemetry/instrument/instrumentation.ts';
import type { Logger } from '../../telemetry/instrument/logger.ts';
import { newEvent } from '../kit/bus/cloud-event.ts';
import type { EventBus } from '../kit/bus/event-bus.ts';
import type { ReminderStore } from './reminder-store.ts';
import type { ReminderRow } from './schema.ts';

export interface ReminderSenderOptions {
  readonly store: ReminderStore;
  readonly bus: EventBus;
  readonly instrumentation: Instrumentation<'notification'>;
}

/** Milliseconds between looks for what is due. */
const lookMs = 250;
const batchSize = 20;
const forgetEveryMs = 10 * 60 * 1000;

/** Milliseconds to the next attempt after n failures: 1 s doubled up to a minute, half of it jitter. */
function pauseMs(failures: number): number {
  const ceiling = Math.min(60_000, 1000 * 2 ** (failures - 1));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

/** Sends reminders when they are due. Sending is a log line and an event; what fails is tried until it succeeds. */
export class ReminderSender {
  readonly #options: ReminderSenderOptions;
  readonly #log: Logger;
  readonly #measures;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #forgotAt = 0;

  constructor(options: ReminderSenderOptions) {
    const { metrics, logger } = options.instrumentation;
    this.#options = options;
    this.#log = logger('reminders.sender');
    this.#measures = {
      sent: metrics.counter('reminders_sent_total'),
      delay: metrics.histogram('reminder_delay_seconds'),
      pending: metrics.gauge('reminders_pending'),
    };
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#round = this.#sendDue().finally(() => {
        if (this.#timer !== undefined) this.start();
      });
    }, lookMs);
  }

  /** Finishes the round in hand. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#round;
  }

  async #sendDue(): Promise<void> {
    const { store } = this.#options;
    try {
      const now = Date.now();
      for (const reminder of await store.due(now, batchSize)) {
        if (this.#timer === undefined) return;
        await this.#send(reminder);
      }
      this.#measures.pending.set(await store.pending());
      if (now - this.#forgotAt > forgetEveryMs) {
        await store.forgetOld(now);
        this.#forgotAt = now;
      }
    } catch (error) {
      this.#log.error('looking for due reminders failed', { error });
    }
  }

  #send(reminder: ReminderRow): Promise<void> {
    const { store, bus, instrumentation } = this.#options;
    const { trace, setUser } = instrumentation;
    const carrier = {
      traceparent: reminder.traceparent ?? undefined,
      requestId: reminder.request_id ?? undefined,
    };
    return trace.run(carrier, 'send reminder', 'consumer', async () => {
      setUser(reminder.owner);
      try {
        const sentAt = new Date();
        await bus.publish(this.#eventOf(reminder, sentAt));
        await store.markSent(reminder, sentAt.toISOString());
        this.#measures.sent.inc({ outcome: 'success' });
        this.#measures.delay.observe(Math.max(0, sentAt.getTime() - Date.parse(reminder.remind_at)) / 1000);
        this.#log.info('reminder sent', { task_id: reminder.task_id });
      } catch (error) {
        this.#measures.sent.inc({ outcome: 'failure' });
        const attempt = reminder.failures + 1;
        this.#log.error('reminder not sent, will try again', { task_id: reminder.task_id, attempt, error });
        await store.tryAgainAt(reminder, Math.round(Date.now() + pauseMs(attempt)));
      }
    });
  }

  #eventOf(reminder: ReminderRow, sentAt: Date) {
    const { traceparent, 'x-request-id': requestId } = this.#options.instrumentation.trace.inject();
    const id = `${reminder.task_id}:${reminder.remind_at}`;
    return newEvent(
      'sightline.reminder.sent',
      {
        reminder_id: id,
        task_id: reminder.task_id,
        owner: reminder.owner,
        title: reminder.title,
        due_at: reminder.remind_at,
        sent_at: sentAt.toISOString(),
      },
      { service: 'notification', subject: reminder.task_id, id: `reminder:${id}`, requestId, traceparent },
    );
  }
}
