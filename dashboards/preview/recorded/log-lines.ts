import { namespaces, serviceNames } from '../../../telemetry/contract/services.ts';
import { type LogKind, logKinds } from './log-kinds.ts';
import { chance, troubleAt } from './noise.ts';
import type { Labels } from './series.ts';
import { place } from './targets.ts';

export interface RecordedLine {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Of its stream, and its structured metadata. */
  readonly labels: Labels;
  readonly line: string;
}

let latest: { readonly range: string; readonly lines: readonly RecordedLine[] } | undefined;

/** All lines from one epoch second up to another, the oldest first. Panels mostly ask for the same range in turn. */
export function recordedLines(from: number, to: number): readonly RecordedLine[] {
  const range = `${from} ${to}`;
  if (latest?.range === range) return latest.lines;
  const lines = logKinds
    .flatMap((kind) => linesOf(kind, from, to))
    .sort((left, right) => left.time - right.time || (left.line < right.line ? -1 : 1));
  latest = { range, lines };
  return lines;
}

function linesOf(kind: LogKind, from: number, to: number): readonly RecordedLine[] {
  const usual = at(kind, kind.every, from, to);
  const { inTrouble = kind.every } = kind;
  if (inTrouble >= kind.every) return usual;
  const more = at(kind, inTrouble, from, to).filter(({ time }) => troubleAt(time / 1000, kind.service) > 0.2);
  return [...usual, ...more];
}

/** Every line has a place of its own in its turn, wherever the range begins. */
function at(kind: LogKind, every: number, from: number, to: number): readonly RecordedLine[] {
  const lines: RecordedLine[] = [];
  for (let turn = Math.floor(from / every) - 1; turn * every < to; turn += 1) {
    const name = `${kind.service} ${kind.message} ${every} ${turn}`;
    const time = Math.floor((turn + chance(name)) * every * 1000);
    if (time >= from * 1000 && time < to * 1000) lines.push(lineAt(kind, name, time));
  }
  return lines;
}

const hex = (name: string, digits: number): string =>
  Array.from({ length: Math.ceil(digits / 8) }, (_, part) =>
    Math.floor(chance(`${name} ${part}`) * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  )
    .join('')
    .slice(0, digits);

function lineAt(kind: LogKind, name: string, time: number): RecordedLine {
  const { service, level, logger, message, container = service, plain } = kind;
  const ours = serviceNames.some((known) => known === service);
  const stream = {
    ...place,
    ...{ namespace: ours ? namespaces.services : namespaces.stack, service, pod: `${service}-0`, container },
    ...{ level, log_format: plain ? 'text' : 'json' },
  };
  if (plain) return { time, labels: stream, line: message };
  const context = { request_id: `req-${hex(name, 12)}`, trace_id: hex(`trace ${name}`, 32) };
  const timestamp = new Date(time).toISOString().replace('Z', '000Z');
  const duration = Math.round(4 + 90 * chance(`duration ${name}`) + 900 * troubleAt(time / 1000, service));
  const fields = logger === 'http.server' ? { ...kind.fields, duration_ms: duration } : kind.fields;
  const line = JSON.stringify({ timestamp, level, logger, message, ...context, ...fields });
  return { time, labels: { ...stream, logger, ...context }, line };
}
