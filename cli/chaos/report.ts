import type { ChaosFigures } from './pipeline-chaos.ts';

/** Whether nothing acknowledged is lost, every 202 named what it took, and no trial of the queue went badly. */
export function isWhole({ ledger, load, trials }: ChaosFigures): boolean {
  const isGood = trials.length > 0 && trials.every(({ outcome }) => outcome !== 'bad');
  return isGood && ledger.acknowledged > 0 && ledger.lost.length === 0 && load.falseAcks === 0;
}

/** Each figure with what it means. */
export function figureRows(figures: ChaosFigures): readonly (readonly [what: string, figure: string])[] {
  const { kills, load, ledger, trials } = figures;
  const killed = Object.entries(kills).map(([name, count]) => `${name} ${count}`);
  const total = Object.values(kills).reduce((sum, count) => sum + count, 0);
  return [
    ['kill -9', `${total} (${killed.join(', ')})`],
    ['Loki stopped', `${figures.outageSeconds} s`],
    [
      'requests',
      `${load.acknowledged} acknowledged, ${load.refused} refused, ${load.unanswered} without an answer`,
    ],
    ['answered with 202, but not with the id of each entry', String(load.falseAcks)],
    ['entries acknowledged', String(ledger.acknowledged)],
    ['of them in Loki or among the dead letters', String(ledger.acknowledged - ledger.lost.length)],
    ['dead letters', String(ledger.deadLetters)],
    ['**lost**', `**${ledger.lost.length}**`],
    ['duplicates', String(ledger.duplicates)],
    ['in Loki without an acknowledgement', String(ledger.unacknowledged)],
    ...trials.map(
      ({ what, figure, outcome }) => [what, outcome === 'bad' ? `BAD: ${figure}` : figure] as const,
    ),
    ['duration', `${figures.seconds} s`],
  ];
}

export const reliabilityPage = (figures: ChaosFigures): string => `# How reliable the log pipeline is

\`npm run chaos -- pipeline --write\` wrote this page on ${new Date().toISOString().slice(0, 10)}. It starts the log
gateway with its embedded queue, the log ingestor and a real Loki, sends entries all the time, and then

- kills one of the three with \`kill -9\`, again and again, at random moments,
- stops Loki,
${figures.deeds.map((deed) => `- ${deed}`).join('\n')}

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

What the queue in Kafka does is on [a page of its own](reliability-on-kafka.md).
`;
