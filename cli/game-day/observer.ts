import { z } from 'zod';
import { burnRateName } from '../../alerts/slo/alerts.ts';
import { type AlertOf, deadmansSwitch, overlap } from '../../infra/game-day/expectation.ts';
import type { Delivery, Observation, Sighted } from '../../infra/game-day/observation.ts';
import { severities } from '../../telemetry/contract/links.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { slos } from '../../telemetry/contract/slos.ts';
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

const queryAnswer = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.object({ slo: z.string() }) })) }),
});

/** SLOs that had a bad event since Prometheus started; a game day's is over sooner than a day. */
const slosWithBadEvents = 'max by (slo) (max_over_time(slo:bad_events:count5m[1d])) > 0';

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

  /** The burn-rate alerts of SLOs whose budget is not whole any more: from now on each may fire at any time. */
  async spentBudgets(): Promise<readonly AlertOf[]> {
    const query = new URLSearchParams({ query: slosWithBadEvents });
    const answer = await getJson(`${this.#addresses.prometheus}/api/v1/query?${query}`);
    if (answer === undefined) return [];
    const spent = new Set(queryAnswer.parse(answer).data.result.map(({ metric }) => metric.slo));
    return slos
      .filter(({ id }) => spent.has(id))
      .map(({ id, service }) => ({ family: burnRateName(id), service }));
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
