import { createRequire } from 'node:module';
import pc from 'picocolors';
import { namesOf } from '../../infra/local/extras.ts';
import type { ProcessStatus, StackState, StackStatus } from '../../infra/local/supervisor/status.ts';
import { isWrong } from '../../infra/local/supervisor/status.ts';

type Table = typeof import('cli-table3');

type Colours = ReturnType<typeof pc.createColors>;

/** Columns beside the detail need about this many characters; the rest of the line is the detail's. */
const smallestDetail = 20;

/**
 * The stack as a table of what runs where, ready to print.
 * @param width characters in a line; the detail is cut to fit
 */
export function renderStack(
  status: StackStatus,
  options: { readonly colour: boolean; readonly width: number },
): string {
  const colours = pc.createColors(options.colour);
  const running = status.processes.filter(
    ({ state, health }) => state === 'running' && health === 'healthy',
  ).length;
  const head = [
    `Sightline ${stateColour(status.state, colours)(status.state)}`,
    `${running} of ${status.processes.length} healthy`,
    ...(status.portOffset === 0 ? [] : [`port offset ${status.portOffset}`]),
    ...(status.with.length === 0 ? [] : [`with ${namesOf(status.with)}`]),
    status.stateDir,
  ];
  return [
    head.join('  ·  '),
    '',
    renderRows(status.processes, colours, options.width),
    ...renderFixes(status, colours, options.width),
  ].join('\n');
}

function renderRows(processes: readonly ProcessStatus[], colours: Colours, width: number): string {
  const rows = processes.map((process) => ({
    cells: [
      process.name,
      stateOf(process),
      placeOf(process),
      String(process.pid ?? ''),
      String(process.restarts || ''),
    ],
    process,
  }));
  const header = ['name', 'state', 'url', 'pid', 'restarts'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => (cells[column] ?? '').length)),
  );
  const used = widths.reduce((sum, cell) => sum + cell + 2, 0);
  const room = Math.max(smallestDetail, width - used - 1);
  const CliTable: Table = createRequire(import.meta.url)('cli-table3');
  const table = new CliTable({
    chars: noBorders,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [] },
  });
  table.push([...header, 'detail'].map((title) => colours.dim(title)));
  for (const { cells, process } of rows) {
    const [name = '', state = '', ...others] = cells;
    table.push([name, processColour(process, colours)(state), ...others, shorten(detailOf(process), room)]);
  }
  return table.toString().replaceAll(/ +$/gm, '');
}

const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((place) => [place, '']),
);

/** What cannot be had, with how to mend it, below the table. */
function renderFixes(status: StackStatus, { yellow }: Colours, width: number): readonly string[] {
  const broken = status.processes.flatMap(({ name, error }) =>
    error === undefined ? [] : [{ name, error }],
  );
  return broken.flatMap(({ name, error }) => [
    '',
    yellow(`${name} is unavailable (${error.code})`),
    ...wrap(error.what, width - 2),
    ...wrap(`fix: ${error.fix}`, width - 2),
  ]);
}

/** Breaks a text between words into indented lines of at most `width` characters, but for longer words. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `  ${line}`);
}

/** One word for a person: the state, or the health once it runs. */
export function stateOf(process: ProcessStatus): string {
  return process.state === 'running' ? process.health : process.state;
}

export function detailOf(process: ProcessStatus): string {
  if (process.detail !== '') return process.detail;
  const exit = process.restarts > 0 && process.lastExit !== undefined ? `last: ${process.lastExit}` : '';
  const tool = process.version === undefined ? '' : `${process.version} (${process.toolSource})`;
  return [process.title, tool, exit].filter((part) => part !== '').join(', ');
}

function placeOf(process: ProcessStatus): string {
  return process.url ?? process.ports.map((port) => `:${port}`).join(' ');
}

/** One line of at most `width` characters. */
export function shorten(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

function processColour(process: ProcessStatus, colours: Colours): (text: string) => string {
  if (process.state === 'running' && process.health === 'healthy') return colours.green;
  if (process.optional && process.state === 'unavailable') return colours.dim;
  return isWrong(process) ? colours.red : colours.yellow;
}

function stateColour(state: StackState, colours: Colours): (text: string) => string {
  if (state === 'healthy') return colours.green;
  return state === 'degraded' ? colours.red : colours.yellow;
}
