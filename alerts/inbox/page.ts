import { html, type SafeHtml, trusted } from './html.ts';

interface PageParts {
  readonly title: string;
  readonly body: SafeHtml;
  /** Of the content security policy: nothing without it is styled or run. */
  readonly nonce: string;
  /** Whether the body is kept up to date from `/board`. */
  readonly live: boolean;
}

export function page({ title, body, nonce, live }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title} · Sightline</title>
<style nonce="${nonce}">${trusted(style)}</style>
</head>
<body>
<main id="main">${body}</main>
${live ? html`<script nonce="${nonce}">${trusted(script)}</script>` : ''}
</body>
</html>`.toString();
}

/** Asks for the board again every two seconds, and touches the page only when something changed. */
const script = `
  const main = document.getElementById('main');
  const paint = () => {
    for (const each of main.querySelectorAll('[data-color]')) each.style.borderColor = each.dataset.color;
  };
  let shown = '';
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch('/board', { signal: AbortSignal.timeout(5000) });
      const markup = await answer.text();
      document.body.classList.toggle('stale', !answer.ok);
      if (!answer.ok || markup === shown) return;
      shown = markup;
      main.innerHTML = markup;
      paint();
    } catch {
      document.body.classList.add('stale');
    }
  };
  paint();
  setInterval(refresh, 2000);
`;

const style = `
  :root { --back: #f6f7f9; --card: #fff; --text: #1d1c1d; --soft: #616670; --line: #e1e4e8; --link: #0b66c3;
    --red: #c62828; --green: #2e7d32; --amber: #b26a00; }
  @media (prefers-color-scheme: dark) {
    :root { --back: #14161a; --card: #1e2127; --text: #e6e7ea; --soft: #9aa1ad; --line: #30353d; --link: #6cb2ff;
      --red: #ff7b72; --green: #6fcf7f; --amber: #ffc66d; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
  body.stale { opacity: 0.6; }
  main { max-width: 1400px; margin: 0 auto; padding: 24px; }
  header { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: baseline; margin-bottom: 8px; }
  h1 { font-size: 24px; margin: 0; }
  h2 { font-size: 16px; margin: 20px 0 10px; }
  h3 { font-size: 15px; margin: 0 0 4px; }
  small { color: var(--soft); font-weight: normal; }
  a { color: var(--link); text-decoration: none; }
  a:hover { text-decoration: underline; }
  p { margin: 4px 0; overflow-wrap: anywhere; }
  .lead, .meta, .empty { color: var(--soft); }
  .meta { font-size: 13px; }
  .banner { background: var(--red); color: var(--back); border-radius: 8px; padding: 12px 16px; margin-bottom: 16px; font-size: 17px; }
  .banner a { color: inherit; text-decoration: underline; margin-left: 8px; }
  .badge { margin-left: auto; padding: 2px 12px; border-radius: 999px; border: 1px solid; font-size: 13px; }
  .badge.ok { color: var(--green); } .badge.bad { color: var(--red); } .badge.off { color: var(--soft); }
  .channels { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 0 20px; }
  .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; margin-bottom: 10px; }
  .attachment { border-left: 4px solid #888; padding-left: 12px; margin-top: 6px; }
  .incident { border-left: 4px solid var(--red); }
  .incident.resolved { border-left-color: var(--green); } .incident.acknowledged { border-left-color: var(--amber); }
  .row { display: flex; gap: 10px; align-items: baseline; flex-wrap: wrap; }
  .state { text-transform: uppercase; font-size: 11px; font-weight: 700; letter-spacing: 0.05em; color: var(--red); }
  .state.resolved { color: var(--green); } .state.acknowledged { color: var(--amber); }
  .severity { margin-left: auto; color: var(--soft); font-size: 13px; }
  .links { display: flex; gap: 14px; font-size: 14px; }
  code { background: var(--back); border: 1px solid var(--line); border-radius: 4px; padding: 0 4px; font-size: 13px; }
  pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto; }
  pre code { border: 0; background: none; padding: 0; }
  main > article:not(.card) { max-width: 820px; }
  table { border-collapse: collapse; margin: 8px 0; }
  th, td { text-align: left; vertical-align: top; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); }
`;
