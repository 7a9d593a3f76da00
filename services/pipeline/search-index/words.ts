/** Characters of a word: ASCII letters, digits and _, and whatever is not ASCII. */
const isWord = new Uint8Array(128);
for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz') {
  isWord[character.charCodeAt(0)] = 1;
}

/** FNV-1a, 32 bits; source: draft-eastlake-fnv. Two words of one number cost a look too many and nothing else. */
const [offset, prime] = [0x811c9dc5, 0x01000193];

/** Words that were seen lately are told at once; most of a line are its members' names. */
const recent = 512;

/** The number of a text that is one word, whatever stands in it. */
export function numberOf(text: string): number {
  let number = offset;
  for (let at = 0; at < text.length; at += 1) number = Math.imul(number ^ text.charCodeAt(at), prime);
  return number >>> 0;
}

/** The numbers of the different words of several lines. */
export class Words {
  readonly #all = new Set<number>();
  readonly #seen = new Uint32Array(recent);

  add(line: string): void {
    let word = offset;
    let within = false;
    for (let at = 0; at < line.length; at += 1) {
      const code = line.charCodeAt(at);
      if (code >= 128 || isWord[code] === 1) {
        word = Math.imul(word ^ code, prime);
        within = true;
      } else if (within) {
        this.#take(word >>> 0);
        word = offset;
        within = false;
      }
    }
    if (within) this.#take(word >>> 0);
  }

  all(): Iterable<number> {
    return this.#all;
  }

  get size(): number {
    return this.#all.size;
  }

  #take(word: number): void {
    const slot = word % recent;
    if (this.#seen[slot] === word) return;
    this.#seen[slot] = word;
    this.#all.add(word);
  }
}

/**
 * The numbers of those words that stand whole in every line that contains the text: its first and its last may be
 * parts of longer words there, unless something that is no word stands before and behind.
 */
export function wholeWords(text: string): readonly number[] {
  const first = text.search(noWord);
  if (first === -1) return [];
  let last = text.length;
  while (!noWord.test(text.charAt(last - 1))) last -= 1;
  const words = new Words();
  words.add(text.slice(first, last));
  return [...words.all()];
}

const noWord = /[^\w\u0080-\uffff]/;
