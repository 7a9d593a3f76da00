import { getJson } from './client.ts';
import { h } from './dom.ts';
import type { ListedQuery } from './model.ts';

/**
 * The saved queries by topic, each with its question and a box for what a person fills in.
 * @param open shows the query at this address of Explore
 */
export function queryList(open: (url: string) => void): HTMLElement {
  const body = h('div', { class: 'query-list' });
  const details = h(
    'details',
    { class: 'row saved-queries' },
    h('summary', {}, h('h2', {}, 'Saved queries')),
    body,
  );
  let asked = false;
  details.addEventListener('toggle', () => {
    if (!details.open || asked) return;
    asked = true;
    void fill(body, open).catch((error: unknown) => {
      asked = false;
      body.replaceChildren(
        h(
          'p',
          { class: 'message error', role: 'alert' },
          error instanceof Error ? error.message : String(error),
        ),
      );
    });
  });
  return details;
}

async function fill(body: HTMLElement, open: (url: string) => void): Promise<void> {
  const queries = (await getJson('/api/queries')) as readonly ListedQuery[];
  const topics = Map.groupBy(queries, ({ topic }) => topic);
  body.replaceChildren(
    ...[...topics].map(([topic, members]) =>
      h('section', {}, h('h3', {}, topic), h('ul', {}, ...members.map((query) => entry(query, open)))),
    ),
  );
}

function entry(query: ListedQuery, open: (url: string) => void): HTMLElement {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const form = h('form', { 'aria-label': query.title });
  const inputs = query.parameters.map(({ name, description, example }) =>
    h('input', {
      type: 'text',
      name,
      value: example,
      'aria-label': `${name}: ${description}`,
      title: description,
    }),
  );
  const go = (split: boolean): void => {
    const values = new URLSearchParams(inputs.map(({ name, value }) => [name, value]));
    if (split) values.set('split', 'yes');
    problem.textContent = '';
    getJson(`/api/queries/${encodeURIComponent(query.id)}?${values.toString()}`)
      .then((answer) => open((answer as { readonly url: string }).url))
      .catch((error: unknown) => {
        problem.textContent = error instanceof Error ? error.message : String(error);
      });
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go(false);
  });
  const beside = h('button', { type: 'button', class: 'control' }, 'Open with what stands beside it');
  beside.addEventListener('click', () => go(true));
  form.append(
    ...inputs.map((input) => h('label', {}, input.name, input)),
    h('button', { type: 'submit', class: 'control' }, 'Open'),
    ...(query.hasBeside ? [beside] : []),
  );
  return h(
    'li',
    { 'data-query': query.id },
    h('strong', {}, query.title),
    h('p', {}, query.question),
    h('p', { class: 'dim' }, query.whenToUse),
    form,
    problem,
  );
}
