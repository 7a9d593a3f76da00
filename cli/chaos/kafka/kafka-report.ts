import type { ChaosFigures } from '../pipeline-chaos.ts';
import { figureRows } from '../report.ts';

/** The page about the queue in Kafka. */
export const kafkaReliabilityPage = (
  figures: ChaosFigures,
): string => `# How reliable the log pipeline is on Kafka

\`npm run chaos -- pipeline --queue kafka ${optionsOf(figures)} --write\` wrote this page on ${new Date().toISOString().slice(0, 10)}. It
starts a real broker of one node, the log gateway, three log ingestors and a real Loki, sends entries all the time, and then

- kills one of the six with \`kill -9\`, again and again, at random moments,
- stops Loki,
${figures.deeds.map((deed) => `- ${deed}`).join('\n')}

The id of every entry that was acknowledged, by the gateway with 202 or by the broker, is then looked for in Loki and
among the dead letters, and every malformed record in the topic of dead letters.

| what | figure |
|---|---|
${figureRows(figures)
  .map(([what, figure]) => `| ${what} | ${figure} |`)
  .join('\n')}

An ingestor that dies between Loki and its commit is followed by another that pushes the same entries again. They keep
their instant and their id, so Loki stores them once; duplicates are lines beyond the first of an id.

A broker of one node has one copy, and a kill leaves what it wrote in the system’s cache: this shows that no process
acknowledges what it has not handed on, and nothing about a lost machine. That is what three replicas are for; the gateway
warns where they are missing ([how to run it on Kafka](how-to/run-the-log-pipeline-on-kafka.md)). What the embedded queue
does is on [a page of its own](reliability.md).
`;

const optionsOf = ({ kills, outageSeconds }: ChaosFigures): string =>
  `--kills ${Object.values(kills).reduce((sum, count) => sum + count, 0)} --outage ${outageSeconds}`;
