import path from 'node:path';
import type { ThemeName } from '../../dashboards/preview/page/palette.ts';
import { parseTime } from '../../dashboards/preview/page/time.ts';
import { SightlineError } from '../../telemetry/errors.ts';

/** What commander hands over, unchecked. */
export interface RawPictureOptions {
  readonly out?: string;
  readonly dashboard?: readonly string[];
  readonly data?: string;
  readonly at?: string;
  readonly theme: string;
  readonly width: string;
  readonly height?: string;
  readonly format: string;
  readonly json?: boolean;
}

export type DataSource = 'live' | 'recorded';
type PictureFormat = 'svg' | 'png';

export interface PictureRequest {
  readonly out: string;
  /** Uids; none means all. */
  readonly dashboards: readonly string[];
  /** Undefined: live where a stack runs. */
  readonly data: DataSource | undefined;
  /** Epoch milliseconds; undefined: as the data has it. */
  readonly at: number | undefined;
  readonly theme: ThemeName;
  /** Pixels. */
  readonly width: number;
  /** Pixels; undefined: the whole dashboard. */
  readonly height: number | undefined;
  readonly formats: readonly PictureFormat[];
}

const dataSources: readonly DataSource[] = ['live', 'recorded'];
const themes: readonly ThemeName[] = ['dark', 'light'];
const formats: readonly PictureFormat[] = ['svg', 'png'];
/** Narrower, panels lose their axes; wider, PNGs take gigabytes to draw. */
const widths = { min: 800, max: 5120 } as const;
const heights = { min: 100, max: 20_000 } as const;

/**
 * Checks the options.
 * @param now epoch milliseconds
 * @throws SightlineError SL1007 for a value that is not allowed
 */
export function pictureRequest(
  raw: RawPictureOptions & { readonly out: string },
  now: number,
): PictureRequest {
  const at = raw.at === undefined ? undefined : parseTime(raw.at, now);
  if (raw.at !== undefined && at === undefined)
    throw notAllowed('--at', raw.at, '2026-01-15T11:55Z, now-1h, or epoch milliseconds');
  return {
    // npm runs commands in the repository; a relative path means the directory that the person was in.
    out: path.resolve(process.env.INIT_CWD ?? process.cwd(), raw.out),
    dashboards: raw.dashboard ?? [],
    data: raw.data === undefined ? undefined : oneOf('--data', raw.data, dataSources),
    at,
    theme: oneOf('--theme', raw.theme, themes),
    width: pixels('--width', raw.width, widths),
    height: raw.height === undefined ? undefined : pixels('--height', raw.height, heights),
    formats: raw.format.split(',').map((format) => oneOf('--format', format, formats)),
  };
}

function pixels(option: string, given: string, bounds: typeof widths | typeof heights): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= bounds.min && number <= bounds.max) return number;
  throw notAllowed(option, given, `a whole number of pixels from ${bounds.min} to ${bounds.max}`);
}

function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((one) => one === given);
  if (found !== undefined) return found;
  throw notAllowed(option, given, known.join(' or '));
}

const notAllowed = (option: string, given: string, wanted: string): SightlineError =>
  new SightlineError('SL1007', {
    what: `${option} cannot be ${JSON.stringify(given)}`,
    where: 'npm run preview',
    fix: `give ${wanted}`,
  });
