import type { ChaosFigures } from './pipeline-chaos.ts';

/** Whether nothing acknowledged is lost, nothing damaged was delivered, and no full disk acknowledged. */
export function isWhole({ ledger, flippedBit }: ChaosFigures): boolean {
  return ledger.lost.length === 0 && flippedBit.counted > 0 && flippedBit.delivered === 0;
}

/** Each figure with what it means. */
export function figureRows(figures: ChaosFigures): readonly (readonly [what: string, figure: string])[] {
  const { kills, load, ledger, fullDisk, flippedBit } = figures;
  const killed = Object.entries(kills).map(([name, count]) => `${name} ${count}`);
  const total = Object.values(kills).reduce((sum, count) => sum + count, 0);
  return [
    ['kill -9', `${total} (${killed.join(', ')})`],
    ['Loki stopped', `${figures.outageSeconds} s`],
    [
      'disk of the queue full',
      typeof fullDisk === 'string'
        ? `not done: ${fullDisk}`
        : `${fullDisk.seconds} s, ${fullDisk.refusals} requests refused in them`,
    ],
    ['stray bytes behind the queue’s log', String(figures.strayTails)],
    [
      'requests',
      `${load.acknowledged} acknowledged, ${load.refused} refused, ${load.unanswered} without an answer`,
    ],
    ['entries acknowledged', String(ledger.acknowledged)],
    ['of them in Loki or among the dead letters', String(ledger.acknowledged - ledger.lost.length)],
    ['dead letters', String(ledger.deadLetters)],
    ['**lost**', `**${ledger.lost.length}**`],
    ['duplicates', String(ledger.duplicates)],
    ['in Loki without an acknowledgement', String(ledger.unacknowledged)],
    [
      'flipped bit',
      `${flippedBit.counted} batch found damaged, ${flippedBit.delivered} of its entries delivered`,
    ],
    ['duration', `${figures.seconds} s`],
  ];
}

export const reliabilityPage = (figures: ChaosFigures): string => `# How reliable the log pipeline is

\`npm run chaos -- pipeline --write\` wrote this page on ${new Date().toISOString().slice(0, 10)}. It starts the log
gateway with its embedded queue, the log ingestor and a real Loki, sends entries all the time, and then

- kills one of the three with \`kill -9\`, again and again, at random moments,
- puts stray bytes behind the queue’s log while the gateway is away (the ingestor holds the file meanwhile, so SQLite does
  not recover the log then: this is no proof about a power cut),
- stops Loki,
- fills the disk of the queue to the last byte,
- and at the end flips one bit in the queue’s file.

The id of every entry that was acknowledged with 202 is then looked for in Loki and among the dead letters.

| what | figure |
|---|---|
${figureRows(figures)
  .map(([what, figure]) => `| ${what} | ${figure} |`)
  .join('\n')}

Entries without an acknowledgement are those of a gateway that died between the disk and its answer: their sender was
told nothing and sends again. An entry that is pushed twice is one line in Loki, since it keeps its instant and its id.

A killed process leaves its writes in the system’s cache, so a kill proves nothing about the disk. That is shown by
\`npm test -- binaries queue-durability\`: in a trace of the system calls each batch is written, synced, and only then
acknowledged, and the same test fails where the database is told not to sync.
`;
