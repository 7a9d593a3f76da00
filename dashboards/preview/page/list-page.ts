import { getJson } from './client.ts';
import { h } from './dom.ts';
import { frame, type Shell } from './shell.ts';

interface Listed {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

/** The dashboards there are. */
export async function listPage(shell: Shell): Promise<void> {
  const { dashboards, grafanaUrl } = (await getJson('/api/dashboards')) as {
    readonly dashboards: readonly Listed[];
    readonly grafanaUrl?: string;
  };
  document.title = 'Dashboards · Sightline';
  const cards = dashboards.map(({ uid, title, description = '', tags = [] }) =>
    h(
      'li',
      {},
      h(
        'a',
        { href: `/d/${encodeURIComponent(uid)}`, class: 'card' },
        h('strong', {}, title),
        h('span', {}, description),
      ),
      h('span', { class: 'tags' }, ...tags.map((tag) => h('span', { class: 'tag' }, tag))),
      grafanaUrl
        ? h('a', { href: `${grafanaUrl}/d/${encodeURIComponent(uid)}` }, 'Open in Grafana')
        : undefined,
    ),
  );
  frame(shell, {
    title: 'Dashboards',
    controls: [h('a', { class: 'control', href: '/explore' }, 'Explore')],
    content: [h('ul', { class: 'cards' }, ...cards)],
  });
}
