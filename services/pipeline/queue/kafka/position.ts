/** Where a batch lies: one message of a direct topic may make several. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export const positionText = ({ topic, partition, offset }: Position, index: number): string =>
  `${topic}/${partition}/${offset}/${index}`;

/** Of a text that `positionText` made; a topic has no slash. */
export function positionOf(text: string): Position {
  const [topic = '', partition, offset = '0'] = text.split('/');
  return { topic, partition: Number(partition), offset: BigInt(offset) };
}
