import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks a person; what is asked goes to standard error, so that standard output can be piped. */
export interface Terminal {
  readonly ask: (question: string, otherwise?: string) => Promise<string>;
  /** Nothing that is typed is shown. */
  readonly askHidden: (question: string) => Promise<string>;
  readonly close: () => void;
}

/** The terminal of this process. Ctrl-C is handed on as SIGINT; `signal` ends a question that waits. */
export function openTerminal(signal: AbortSignal): Terminal {
  let hidden = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hidden) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  return {
    ask: async (question, otherwise) => {
      const text = otherwise === undefined ? `${question}: ` : `${question} [${otherwise}]: `;
      return (await lines.question(text, { signal })).trim() || (otherwise ?? '');
    },
    askHidden: async (question) => {
      process.stderr.write(`${question} (not shown): `);
      hidden = true;
      try {
        return (await lines.question('', { signal })).trim();
      } finally {
        hidden = false;
        process.stderr.write('\n');
      }
    },
    close: () => lines.close(),
  };
}
