import { type Range, rangeOf } from '../page/time.ts';
import { everything, type ResolvedVariable } from '../page/variable-values.ts';
import type { PictureColors } from './colors.ts';
import { chip, textAt } from './elements.ts';
import { margin } from './layout.ts';
import { fitted, plain, textWidth } from './text.ts';

interface About {
  readonly title: string;
  readonly range: Range;
  /** Where the data comes from, in words. */
  readonly source: string;
  readonly variables: readonly ResolvedVariable[];
}

interface Heading {
  readonly height: number;
  readonly svg: string;
}

const title = plain(20, 600);
const small = plain(13);
const chipHeight = 28;
const between = 8;
/** A variable that holds many values names the first. */
const widestValue = 360;

/** The title, the time and the variables. */
export function drawHeading(about: About, width: number, colors: PictureColors): Heading {
  const right = `${rangeText(about.range)} · ${about.source}`;
  const rightWidth = textWidth(right, small);
  const top = [
    textAt(margin, 33, fitted(about.title, width - rightWidth - 3 * margin, title), title, {
      fill: colors.text,
    }),
    textAt(width - margin, 33, right, small, { fill: colors.dim, anchor: 'end' }),
  ];
  let [x, y] = [margin, 50];
  const chips = about.variables.filter(isShown).map((variable) => {
    const value = fitted(valueText(variable), widestValue, small);
    const label = variable.model.label ?? variable.model.name;
    const own = textWidth(label, small) + textWidth(value, small) + 40;
    if (x > margin && x + own > width - margin) [x, y] = [margin, y + chipHeight + between];
    const drawn = chip(x, y, label, value, { ...colors, border: colors.strong, style: small });
    x += drawn.width + between;
    return drawn.svg;
  });
  return { height: y + (chips.length > 0 ? chipHeight + between : 0), svg: [...top, ...chips].join('') };
}

/** There is only one of each data source, and what is hidden stays so. */
const isShown = ({ model }: ResolvedVariable): boolean =>
  !['datasource', 'constant'].includes(model.type) && model.hide !== 2;

function valueText({ model, chosen }: ResolvedVariable): string {
  if (chosen.includes(everything)) return 'All';
  const text = chosen.filter((value) => value !== '').join(' + ');
  return text === '' ? (model.type === 'textbox' ? 'any' : 'None') : text;
}

/** Pictures are looked at anywhere: their times are UTC. */
function rangeText({ from, to }: Range): string {
  const text = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
  const [start, end] = [text(from), text(to)];
  return `${start} to ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end} UTC`;
}

export const rangeAt = (
  time: { readonly from: string; readonly to: string } | undefined,
  at: number,
): Range => rangeOf(time?.from ?? 'now-1h', time?.to ?? 'now', at);
