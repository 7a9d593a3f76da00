import { getJson } from './client.ts';
import { h } from './dom.ts';
import type { PreviewConfig } from './model.ts';
import { createShell, frame, type Shell } from './shell.ts';

/** The page of an address; each loads only what it needs. */
async function open(shell: Shell): Promise<void> {
  const { pathname, search } = location;
  const [, uid] = /^\/d\/([^/]+)/.exec(pathname) ?? [];
  const [, query] = /^\/queries\/([^/]+)/.exec(pathname) ?? [];
  if (pathname === '/explore') (await import('./explore-page.ts')).explorePage(shell);
  else if (pathname === '/alerts') (await import('./alerts-page.ts')).alertsPage(shell);
  else if (uid !== undefined)
    await (await import('./dashboard-page.ts')).dashboardPage(decodeURIComponent(uid), shell);
  else if (query !== undefined) {
    const { url } = (await getJson(`/api/queries/${query}${search}`)) as { readonly url: string };
    location.replace(url);
  } else await (await import('./list-page.ts')).listPage(shell);
}

const config = await getJson('/api/config').then(
  (answer) => answer as PreviewConfig,
  (): PreviewConfig => ({}),
);
const shell = createShell(document.body, config);
try {
  await open(shell);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  frame(shell, {
    title: 'Not there',
    content: [
      h('p', { class: 'message error', role: 'alert' }, message),
      h('p', { class: 'message' }, h('a', { href: '/' }, 'All dashboards')),
    ],
  });
}
