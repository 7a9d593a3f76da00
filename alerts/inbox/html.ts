/** Markup that is safe to send: it only comes from `html` templates and from `trusted`. */
export class SafeHtml {
  readonly #markup: string;
  constructor(markup: string) {
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
}

type Fill = SafeHtml | string | number | undefined | readonly (SafeHtml | string)[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const fill = (value: Fill): string => {
  if (value === undefined) return '';
  if (value instanceof SafeHtml) return value.toString();
  if (typeof value === 'object') return value.map(fill).join('');
  return escapeHtml(String(value));
};

/** A template whose holes are escaped, in text and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly Fill[]): SafeHtml {
  return new SafeHtml(String.raw({ raw: strings }, ...values.map(fill)));
}

/** Markup that this program wrote itself. */
export const trusted = (markup: string): SafeHtml => new SafeHtml(markup);

/** The address when a browser may follow it; anything but http and https (`javascript:` above all) is refused. */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}
