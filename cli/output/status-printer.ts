import type { ProcessStatus, StackStatus } from '../../infra/local/supervisor/status.ts';
import { detailOf, renderStack, shorten, stateOf } from './process-table.ts';

/** Without a terminal, a process that only says something new is printed this often (milliseconds). */
const quietMs = 15_000;

/** Shows a status each time it is given one: repainted on a terminal, else a line for every change. */
export interface StatusPrinter {
  show(status: StackStatus): void;
  /** A message that stays, above what is repainted. */
  say(message: string): void;
}

export function createStatusPrinter(output: NodeJS.WriteStream): StatusPrinter {
  return output.isTTY ? new ScreenPrinter(output) : new LinePrinter(output);
}

export function printStack(status: StackStatus, output: NodeJS.WriteStream): void {
  const colour = output.isTTY === true && process.env.NO_COLOR === undefined;
  output.write(`${renderStack(status, { colour, width: output.columns ?? 160 })}\n`);
}

class ScreenPrinter implements StatusPrinter {
  readonly #output: NodeJS.WriteStream;
  #painted = 0;
  #last = '';

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  show(status: StackStatus): void {
    const { columns = 80, rows = 24 } = this.#output;
    const text = renderStack(status, { colour: process.env.NO_COLOR === undefined, width: columns });
    const lines = text.split('\n');
    // What scrolled off the screen cannot be repainted, so no more is painted than fits.
    const fitting = lines.length < rows ? lines : [...lines.slice(0, rows - 2), '…'];
    const key = fitting.join('\n');
    if (key === this.#last) return;
    this.#last = key;
    this.#output.write(`${this.#erase()}\x1b[?7l${key}\x1b[?7h\n`);
    this.#painted = fitting.length;
  }

  say(message: string): void {
    this.#output.write(`${this.#erase()}${message}\n`);
    this.#painted = 0;
    this.#last = '';
  }

  #erase(): string {
    return this.#painted === 0 ? '' : `\r\x1b[${this.#painted}A\x1b[J`;
  }
}

class LinePrinter implements StatusPrinter {
  readonly #output: NodeJS.WriteStream;
  readonly #startedAt = performance.now();
  readonly #shown = new Map<string, { readonly state: string; readonly text: string; readonly at: number }>();

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  show(status: StackStatus): void {
    for (const process of status.processes) this.#showProcess(process);
    this.#showChange('sightline', status.state, status.stateDir);
  }

  say(message: string): void {
    this.#output.write(`${message}\n`);
  }

  #showProcess(process: ProcessStatus): void {
    const state = stateOf(process);
    const place = state === 'healthy' ? (process.url ?? '') : '';
    this.#showChange(process.name, state, place === '' ? detailOf(process) : place);
  }

  #showChange(name: string, state: string, text: string): void {
    const now = performance.now();
    const last = this.#shown.get(name);
    const isNews = last?.state !== state || (last.text !== text && now - last.at > quietMs);
    if (!isNews) return;
    this.#shown.set(name, { state, text, at: now });
    const seconds = ((now - this.#startedAt) / 1000).toFixed(1).padStart(6);
    this.#output.write(`${seconds}s  ${name.padEnd(18)} ${state.padEnd(11)} ${shorten(text, 160)}\n`);
  }
}
