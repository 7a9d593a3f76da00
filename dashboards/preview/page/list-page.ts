import { Banner } from './banner.ts';
import { getJson } from './client.ts';
import { h } from './dom.ts';
import { listenForChanges } from './live.ts';
import { frame, type Shell } from './shell.ts';

interface Listed {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

/** The dashboards there are, home first. */
export async function listPage(shell: Shell): Promise<void> {
  const banner = new Banner();
  const list = h('ul', { class: 'cards' });
  const count = h('span', { class: 'dim', role: 'status' });
  const filter = h('input', {
    type: 'search',
    class: 'control',
    placeholder: 'Filter',
    'aria-label': 'Filter dashboards',
  });
  const narrow = (): void => {
    const wanted = filter.value.toLowerCase();
    const cards = [...list.children].filter((card) => card instanceof HTMLElement);
    for (const card of cards) card.hidden = !(card.textContent ?? '').toLowerCase().includes(wanted);
    count.textContent = `${cards.filter(({ hidden }) => !hidden).length} of ${cards.length}`;
  };
  filter.addEventListener('input', narrow);
  const draw = async (): Promise<void> => {
    const { dashboards } = (await getJson('/api/dashboards')) as { readonly dashboards: readonly Listed[] };
    list.replaceChildren(...dashboards.toSorted(byRank).map(card));
    narrow();
  };
  await draw();
  listenForChanges(({ problem }) => {
    banner.say(problem === undefined ? [] : [problem]);
    if (problem === undefined) void draw();
  });
  frame(shell, {
    title: 'Dashboards',
    grafanaPath: '/dashboards',
    content: [banner.element, h('div', { class: 'list-tools' }, filter, count), list],
  });
}

const byRank = (left: Listed, right: Listed): number =>
  Number(right.uid === 'home') - Number(left.uid === 'home') || left.title.localeCompare(right.title);

const card = ({ uid, title, description = '', tags = [] }: Listed): HTMLElement =>
  h(
    'li',
    {},
    h('h2', {}, h('a', { href: `/d/${encodeURIComponent(uid)}` }, title)),
    h('p', {}, description),
    h('p', { class: 'tags' }, ...tags.map((tag) => h('span', { class: 'tag' }, tag))),
  );
