import { type Corpus, levels } from './corpus.ts';

const hourMs = 3_600_000;

/** A kind of search, and the next one of it: none is asked twice. */
export interface Kind {
  readonly title: string;
  readonly next: (round: number) => Readonly<Record<string, string>>;
}

/** What people ask for, each over its own span of time. */
export function kindsOf(corpus: Corpus): readonly Kind[] {
  const day = spanOf(corpus.startMs, corpus.endMs);
  /** Spread over all lines, and over their services. */
  const lineOf = (round: number): number => (round * 7_919_993 + 1_234_567) % corpus.lines;
  return [
    {
      title: 'request id, 24 hours',
      next: (round) => ({ ...day, request_id: corpus.requestId(lineOf(round)) }),
    },
    {
      title: 'service and level, 1 hour',
      next: (round) => {
        const startMs = Math.min(corpus.msOf(lineOf(round)), corpus.endMs - hourMs);
        const level = levels[round % levels.length] ?? 'INFO';
        return { ...spanOf(startMs, startMs + hourMs), level, service: corpus.service(lineOf(round)) };
      },
    },
    {
      title: 'text of every 100,000th line, all',
      next: (round) => ({ ...day, query: corpus.customerText(lineOf(round)) }),
    },
    {
      title: 'text of one request, all',
      next: (round) => ({ ...day, query: corpus.orderText(lineOf(round)) }),
    },
  ];
}

const spanOf = (startMs: number, endMs: number) => ({
  start_time: new Date(startMs).toISOString(),
  end_time: new Date(endMs).toISOString(),
  limit: '100',
});
