import { DeadLetters } from '../../services/pipeline/dead-letters/dead-letters.ts';

const everyDeadLetter = 1_000_000;

/** The ids of the entries among the dead letters of a queue's directory. */
export function deadIdsIn(directory: string): ReadonlySet<string> {
  const letters = new DeadLetters(directory, everyDeadLetter);
  try {
    return new Set(letters.list(everyDeadLetter).map(({ id }) => id));
  } finally {
    letters.close();
  }
}
