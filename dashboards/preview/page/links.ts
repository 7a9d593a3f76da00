import { interpolateLink, type LinkSubject, type Scope } from './interpolate.ts';
import type { LinkModel } from './model.ts';

/** What a link may take along: the time as the page has it, and the parameters of its variables. */
export interface LinkContext {
  readonly scope: Scope;
  /** As in the URL: `now-1h`, or epoch milliseconds. */
  readonly from: string;
  readonly to: string;
  readonly variables: readonly (readonly [name: string, value: string])[];
}

/**
 * Where a link of a dashboard, a panel or a series leads, with the time and the variables where it asks for them.
 */
export function linkHref(
  { url = '', includeVars, keepTime }: LinkModel,
  context: LinkContext,
  { labels, ...subject }: LinkSubject = { labels: {} },
): string {
  const time: [string, string][] = [
    ['from', context.from],
    ['to', context.to],
  ];
  const taken = [...(keepTime ? time : []), ...(includeVars ? context.variables : [])];
  const filled = interpolateLink(
    url
      .replaceAll('${__url_time_range}', parametersText(time))
      .replaceAll('${__all_variables}', parametersText(context.variables)),
    labels,
    context.scope,
    subject,
  );
  return safeHref(taken.length === 0 ? filled : withParameters(filled, taken));
}

const parametersText = (pairs: readonly (readonly [string, string])[]): string =>
  new URLSearchParams(pairs.map((pair) => [...pair])).toString();

function withParameters(url: string, pairs: readonly (readonly [string, string])[]): string {
  const [address = '', hash] = url.split('#', 2);
  const joined = `${address}${address.includes('?') ? '&' : '?'}${parametersText(pairs)}`;
  return hash === undefined ? joined : `${joined}#${hash}`;
}

/** A dashboard is data: a link in it must not run anything. Gives `#` for all but http, https and places of this site. */
export function safeHref(href: string): string {
  const base = 'http://this.site';
  if (!URL.canParse(href, base)) return '#';
  return ['http:', 'https:'].includes(new URL(href, base).protocol) ? href : '#';
}
