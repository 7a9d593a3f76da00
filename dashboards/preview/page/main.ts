import { dashboardPage } from './dashboard-page.ts';
import { h } from './dom.ts';
import { explorePage } from './explore-page.ts';
import { listPage } from './list-page.ts';
import { createShell, frame } from './shell.ts';

const shell = createShell(document.body);
const uid = /^\/d\/([^/]+)/.exec(location.pathname)?.[1];
try {
  if (location.pathname === '/explore') explorePage(shell);
  else if (uid) await dashboardPage(decodeURIComponent(uid), shell);
  else await listPage(shell);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  frame(shell, { title: 'Not there', content: [h('p', { class: 'message error', role: 'alert' }, message)] });
}
