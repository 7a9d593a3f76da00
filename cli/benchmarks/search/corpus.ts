import type { AdmittedEntry } from '../../../services/pipeline/entry.ts';
import type { LogLevel } from '../../../telemetry/contract/logs.ts';

/** Lines of a request, which share its id. */
const linesPerRequest = 5;
const services = ['checkout', 'payment', 'stock', 'delivery', 'accounts'] as const;
/** Of a hundred lines. */
const shares: readonly (readonly [LogLevel, number])[] = [
  ['ERROR', 1],
  ['WARNING', 4],
  ['DEBUG', 20],
  ['INFO', 75],
];
const levelAt = shares.flatMap(([level, share]) => Array.from({ length: share }, () => level));
export const hours = 24;

/** So many lines, evenly over the 24 hours before an instant: what each is follows from its number. */
export class Corpus {
  readonly lines: number;
  readonly startMs: number;
  readonly endMs: number;

  /** @param endMs milliseconds since the epoch */
  constructor(lines: number, endMs: number) {
    this.lines = lines;
    this.endMs = endMs;
    this.startMs = endMs - hours * 3_600_000;
  }

  /** Milliseconds since the epoch of a line. */
  msOf(index: number): number {
    return this.startMs + Math.floor((index / this.lines) * (this.endMs - this.startMs));
  }

  entry(index: number): AdmittedEntry {
    const request = Math.floor(index / linesPerRequest);
    const ns = `${this.msOf(index)}${String(index % 1_000_000).padStart(6, '0')}`;
    return {
      id: `00000000-0000-8000-8000-${index.toString(16).padStart(12, '0')}`,
      timestamp_ns: ns,
      event_ns: ns,
      level: levelOf(index),
      service: serviceOf(request),
      message: `order ${orderOf(request)} of customer ${scattered(request) % 100_000} took ${scattered(index) % 900} ms`,
      request_id: requestIdOf(request),
      host: `web-${request % 20}`,
      fields: { order: orderOf(request), currency: 'EUR', step: index % linesPerRequest },
    };
  }

  /** Of the request that a line belongs to. */
  requestId(index: number): string {
    return requestIdOf(Math.floor(index / linesPerRequest));
  }

  service(index: number): string {
    return serviceOf(Math.floor(index / linesPerRequest));
  }

  /** A text that stands in the lines of one request and nowhere else. */
  orderText(index: number): string {
    return `order ${orderOf(Math.floor(index / linesPerRequest))} of`;
  }

  /** A text that stands in about every hundred thousandth line. */
  customerText(index: number): string {
    return `customer ${scattered(Math.floor(index / linesPerRequest)) % 100_000} took`;
  }
}

export const levels: readonly LogLevel[] = shares.map(([level]) => level);

const levelOf = (index: number): LogLevel => levelAt[scattered(index) % levelAt.length] ?? 'INFO';
const serviceOf = (request: number): string => services[scattered(request) % services.length] ?? services[0];
const orderOf = (request: number): number => 10_000_000 + request;
const requestIdOf = (request: number): string =>
  `${scattered(request).toString(16).padStart(8, '0')}-${request.toString(16).padStart(8, '0')}`;

/** A number that looks like chance and is always the same: Knuth's multiplicative hash, upper bits. */
const scattered = (value: number): number => (Math.imul(value + 1, 2_654_435_761) >>> 0) >>> 3;
