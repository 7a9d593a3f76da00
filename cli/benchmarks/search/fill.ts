import { setTimeout as delay } from 'node:timers/promises';
import { requestOf } from '../../../services/log-ingestor/outgoing.ts';
import { ingested } from '../../../services/log-ingestor/testing/ingested.ts';
import { createPushClient } from '../../../services/pipeline/loki/push-client.ts';
import { SearchIndex } from '../../../services/pipeline/search-index/index-writer.ts';
import { metricOf } from '../../chaos/pipeline-processes.ts';
import { type Corpus, hours } from './corpus.ts';

const linesAPush = 4000;
const flushWithinMs = 600_000;

export interface Filled {
  /** Of Loki. */
  readonly url: string;
  readonly organization: string;
  /** Of the gateway, where the search index is: as if all lines had come by it. */
  readonly queueDirectory: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Brings every line to Loki as the ingestor does, in the order of their time, and then all of it to its disk. */
export async function fill(
  corpus: Corpus,
  { url, organization, queueDirectory, say, signal }: Filled,
): Promise<void> {
  const searchIndex = new SearchIndex({
    directory: queueDirectory,
    keepHours: hours + 1,
    fromMs: corpus.startMs,
    settleMs: 0,
    onTrouble: (error) => {
      throw error;
    },
  });
  const client = createPushClient({ url, timeoutMs: 60_000 });
  const outgoingOf = ingested(organization);
  let said = 0;
  try {
    for (let start = 0; start < corpus.lines; start += linesAPush) {
      signal.throwIfAborted();
      const length = Math.min(linesAPush, corpus.lines - start);
      const entries = Array.from({ length }, (_, index) => corpus.entry(start + index));
      const outgoing = outgoingOf(entries);
      searchIndex.add(organization, outgoing);
      await pushed(client, organization, requestOf(outgoing));
      const share = Math.floor(((start + linesAPush) / corpus.lines) * 10);
      if (share > said) say(`${share * 10} % of ${corpus.lines.toLocaleString('en')} lines are in Loki`);
      said = Math.max(said, share);
    }
    while (searchIndex.tidy(corpus.endMs));
  } finally {
    searchIndex.close();
    await client.close();
  }
  await flushed(url, signal);
}

async function pushed(
  client: ReturnType<typeof createPushClient>,
  organization: string,
  request: Parameters<typeof client.push>[1],
): Promise<void> {
  for (;;) {
    const outcome = await client.push(organization, request);
    if (outcome.kind === 'stored') return;
    if (outcome.kind !== 'limited') throw new Error(`Loki took not all of it: ${JSON.stringify(outcome)}`);
    await delay(outcome.retryAfterMs ?? 250);
  }
}

/** What Loki holds in memory is written to its store, as if it had come a day ago. */
async function flushed(url: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${url}/flush`, { method: 'POST', signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`Loki does not flush: ${answer.status}`);
  const deadline = Date.now() + flushWithinMs;
  while ((await metricOf(url, 'loki_ingester_memory_chunks')) > 0) {
    if (Date.now() > deadline) throw new Error(`Loki did not write its chunks within ${flushWithinMs} ms`);
    await delay(1000, undefined, { signal });
  }
}
