import { LRUCache } from 'lru-cache';

/** Texts whose answers are kept: more than all queries of an environment, of which the environments share most. */
const kept = 5000;

/** A pure function of a text that computes an answer once. Nobody may change what it gives. */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const answers = new LRUCache<string, { readonly answer: T }>({ max: kept });
  return (text) => {
    const known = answers.get(text) ?? { answer: compute(text) };
    answers.set(text, known);
    return known.answer;
  };
}
