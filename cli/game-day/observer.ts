import { z } from 'zod';
import { deadmansSwitch, overlap } from '../../infra/game-day/expectation.ts';
import type { Delivery, Observation, Sighted } from '../../infra/game-day/observation.ts';
import { severities } from '../../telemetry/contract/links.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { deadmanDeliveries, pagerdutyDeliveries, type SeverityOf, slackDeliveries } from './read-inbox.ts';

/** The rules API of Prometheus, which Loki's ruler has as well. */
const alertsAnswer = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.looseObject({
          alertname: z.string(),
          severity: z.enum(severities),
          service: z.string().optional(),
        }),
        state: z.enum(['pending', 'firing']),
        activeAt: z.string(),
      }),
    ),
  }),
});

/** Milliseconds that each is given to answer. */
const answerMs = 5_000;

export interface StackAddresses {
  readonly prometheus: string;
  readonly loki: string;
  readonly inbox: string;
}

/** Looks at the stack from outside, by the APIs that a person has. */
export class Observer {
  readonly #addresses: StackAddresses;
  readonly #isFamily: (word: string) => boolean;
  readonly #severityOf: SeverityOf;
  #deliveries: readonly Delivery[] = [];

  /** `families` are those that a message may be about. */
  constructor(addresses: StackAddresses, families: ReadonlySet<string>, severityOf: SeverityOf) {
    this.#addresses = addresses;
    this.#severityOf = severityOf;
    this.#isFamily = (word) => families.has(word);
  }

  async observe(): Promise<Observation> {
    const { prometheus, loki } = this.#addresses;
    const [metrics, logs] = await Promise.all([
      this.#alerts(`${prometheus}/api/v1/alerts`),
      this.#alerts(`${loki}/prometheus/api/v1/alerts`),
      this.#readInbox(),
    ]);
    return {
      at: Date.now(),
      sighted: [...(metrics ?? []), ...(logs ?? []), ...this.#spokenSwitch()],
      complete: metrics !== undefined && logs !== undefined,
      deliveries: this.#deliveries,
    };
  }

  /** The switch evaluates nothing that could be asked: it is on from its first message to its second. */
  #spokenSwitch(): readonly Sighted[] {
    const last = this.#deliveries.findLast((delivery) => overlap(delivery, deadmansSwitch));
    return last?.state === 'firing' ? [{ ...deadmansSwitch, state: 'firing', since: last.at }] : [];
  }

  /** Undefined when there is no answer, as when it is what was stopped. */
  async #alerts(url: string): Promise<readonly Sighted[] | undefined> {
    const answer = await getJson(url);
    if (answer === undefined) return undefined;
    return alertsAnswer.parse(answer).data.alerts.map(({ labels, state, activeAt }) => ({
      family: labels.alertname,
      service: labels.service ?? '',
      severity: labels.severity,
      state,
      since: Date.parse(activeAt),
    }));
  }

  async #readInbox(): Promise<void> {
    const { inbox } = this.#addresses;
    const [messages, incidents] = await Promise.all([
      getJson(`${inbox}/api/messages?limit=1000`),
      getJson(`${inbox}/api/incidents`),
    ]);
    if (messages === undefined || incidents === undefined) return;
    this.#deliveries = [
      ...slackDeliveries(messages, this.#isFamily, this.#severityOf),
      ...deadmanDeliveries(messages),
      ...pagerdutyDeliveries(incidents, this.#severityOf),
    ].toSorted((a, b) => a.at - b.at);
  }
}

async function getJson(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, {
      headers: { 'X-Scope-OrgID': platformTenant },
      signal: AbortSignal.timeout(answerMs),
    });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
