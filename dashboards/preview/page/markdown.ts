import { lexer, type MarkedToken, type Token } from 'marked';
import { h } from './dom.ts';
import { safeHref } from './links.ts';

/** Elements for the tokens that a text panel is made of. HTML in the text stays text: nothing in it runs. */
export function markdown(text: string): HTMLElement {
  return h('div', { class: 'markdown' }, ...nodes(lexer(text)));
}

const nodes = (tokens: readonly Token[] | undefined): (Node | string)[] =>
  (tokens ?? []).flatMap((token) => {
    const made = nodeOf(token as MarkedToken);
    return made === undefined ? [] : [made];
  });

function nodeOf(token: MarkedToken): Node | string | undefined {
  const inner = (tokens: readonly Token[] | undefined): (Node | string)[] => nodes(tokens);
  switch (token.type) {
    case 'space':
      return undefined;
    case 'heading':
      // The page and the panel have the first three levels.
      return h(
        'p',
        { role: 'heading', 'aria-level': String(Math.min(6, token.depth + 3)) },
        ...inner(token.tokens),
      );
    case 'paragraph':
      return h('p', {}, ...inner(token.tokens));
    case 'list':
      return h(
        token.ordered ? 'ol' : 'ul',
        {},
        ...token.items.map((item) => h('li', {}, ...inner(item.tokens))),
      );
    case 'blockquote':
      return h('blockquote', {}, ...inner(token.tokens));
    case 'strong':
      return h('strong', {}, ...inner(token.tokens));
    case 'em':
      return h('em', {}, ...inner(token.tokens));
    case 'code':
      return h('pre', { tabindex: '0' }, h('code', {}, token.text));
    case 'codespan':
      return h('code', {}, token.text);
    case 'br':
      return h('br');
    case 'hr':
      return h('hr');
    case 'link':
      return h('a', { href: safeHref(token.href) }, ...inner(token.tokens));
    case 'table':
      return h(
        'table',
        {},
        h(
          'thead',
          {},
          h('tr', {}, ...token.header.map((cell) => h('th', { scope: 'col' }, ...inner(cell.tokens)))),
        ),
        h(
          'tbody',
          {},
          ...token.rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, ...inner(cell.tokens))))),
        ),
      );
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens ? h('span', {}, ...inner(token.tokens)) : token.text;
    default:
      return token.raw;
  }
}
