const written =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9})\d*)? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;
const digits = /^\d{9,19}$/;
const threeDigits = /^\d{3}$/;

/** Milliseconds since the epoch, and all digits of the nanoseconds where there are any. */
export interface Instant {
  readonly ms: number;
  /** Nanoseconds since the epoch, 19 decimal digits. */
  readonly ns: string;
}

/**
 * Reads a sender's time: RFC 3339 (without a zone it is UTC), or a count since the epoch in seconds, milliseconds,
 * microseconds or nanoseconds, told apart by their size. Undefined where it is none, or one before September 2001.
 */
export function instantOf(given: unknown): Instant | undefined {
  if (typeof given === 'number') return fromCount(given);
  if (typeof given !== 'string') return undefined;
  return fromNanoseconds(given) ?? (digits.test(given) ? fromDigits(given) : fromText(given));
}

export function instantAt(ms: number): Instant {
  return { ms, ns: `${ms}000000` };
}

/** Entries that come together are mostly of one second: its start is worked out once. */
let latest = { second: 'none yet', ms: 0 };
let latestInstant: { readonly text: string; readonly instant: Instant | undefined } = {
  text: '',
  instant: undefined,
};

function fromText(text: string): Instant | undefined {
  if (text.length > 64) return undefined;
  const known = inLatestSecond(text);
  if (known !== undefined) return known;
  const short = /^.{19}(?:\.(\d{1,9}))?Z$/.exec(text);
  if (short !== null && text.startsWith(latest.second))
    return assembled(latest.ms, (short[1] ?? '').padEnd(9, '0'));
  const parts = written.exec(text.trim());
  if (parts === null) return undefined;
  const [, date = '', time = '', fraction = '', zone = 'Z'] = parts;
  const seconds = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  // Date.parse takes the 31st of any month, and hour 24: what it makes of them is another day.
  if (Number.isNaN(seconds) || !new Date(seconds).toISOString().startsWith(`${date}T${time}`))
    return undefined;
  if (short !== null) latest = { second: text.slice(0, 19), ms: seconds };
  const offset = offsetMs(zone);
  return offset === undefined ? undefined : assembled(seconds - offset, fraction.padEnd(9, '0'));
}

/** A time of the latest second in the form that JavaScript writes, `2026-01-31T12:00:00.123Z`: by far the most frequent. */
function inLatestSecond(text: string): Instant | undefined {
  if (text === latestInstant.text) return latestInstant.instant;
  if (text.length !== 24 || text[19] !== '.' || text[23] !== 'Z' || !text.startsWith(latest.second))
    return undefined;
  const milliseconds = text.slice(20, 23);
  if (!threeDigits.test(milliseconds)) return undefined;
  const instant = instantAt(latest.ms + Number(milliseconds));
  latestInstant = { text, instant };
  return instant;
}

function offsetMs(zone: string): number | undefined {
  if (/^[zu]/i.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function fromCount(count: number): Instant | undefined {
  if (!Number.isFinite(count) || count < 0 || count >= 1e19) return undefined;
  if (Number.isInteger(count)) return fromDigits(String(count));
  const microseconds = count < 1e11 ? count * 1e6 : count < 1e14 ? count * 1e3 : count;
  return fromDigits(String(Math.round(microseconds)));
}

const [digit0, digit1, digit9] = [0x30, 0x31, 0x39];
const [nsDigits, msDigits] = [19, 13];

/** What OpenTelemetry counts, read once: each of its entries has another. */
function fromNanoseconds(count: string): Instant | undefined {
  if (count.length !== nsDigits || count.charCodeAt(0) < digit1) return undefined;
  let ms = 0;
  for (let at = 0; at < nsDigits; at += 1) {
    const digit = count.charCodeAt(at);
    if (digit < digit0 || digit > digit9) return undefined;
    if (at < msDigits) ms = ms * 10 + digit - digit0;
  }
  return { ms, ns: count };
}

function fromDigits(count: string): Instant | undefined {
  const value = Number(count);
  const places = value < 1e11 ? 9 : value < 1e14 ? 6 : value < 1e17 ? 3 : 0;
  const ns = count + '0'.repeat(places);
  return ns.length === 19 ? { ms: Number(ns.slice(0, 13)), ns } : undefined;
}

function assembled(secondsMs: number, fraction: string): Instant | undefined {
  const ns = `${secondsMs / 1000}${fraction}`;
  return ns.length === 19 && secondsMs > 0 ? { ms: Number(ns.slice(0, 13)), ns } : undefined;
}
