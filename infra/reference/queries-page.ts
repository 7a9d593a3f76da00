import { savedQueriesByTopic } from '../../dashboards/queries/index.ts';
import { parameters } from '../../dashboards/queries/parameters.ts';
import { queriesOf, type SavedQuery, savedQueryUrl } from '../../dashboards/queries/saved-query.ts';
import { type Query, renderQuery } from '../../telemetry/query/query.ts';
import { localHost } from '../local/files.ts';
import { localPorts } from '../local/ports.ts';
import { code, generatedPage, markdownTable } from './markdown.ts';

const explore = `http://${localHost}:${localPorts(0).preview}`;

/** Every saved query: what it answers, when to use it, and how it reads. */
export function queriesPage(): string {
  const parts = Object.entries(savedQueriesByTopic).flatMap(([topic, queries]) => [
    `## ${topic}`,
    ...queries.map(savedQuerySection),
  ]);
  return generatedPage('Saved queries', '`dashboards/queries/`', [
    '`npm run queries -- list` shows them, `npm run queries -- url <id>` prints the address at which Explore has one, and `npm run queries -- push --grafana URL` brings all into a Grafana. How to add one: [Add a saved query](../how-to/add-a-saved-query.md).',
    ...parts,
  ]);
}

function savedQuerySection(saved: SavedQuery): string {
  const [query, beside] = queriesOf(saved);
  const alerts = saved.alerts.map((id) => `[${id}](alerts.md#${id.toLowerCase()})`).join(', ');
  const rows = saved.parameters.map((name) => [
    code(name),
    parameters[name].description,
    code(parameters[name].example),
  ]);
  return [
    `### ${saved.title}`,
    `${code(saved.id)}: ${saved.question}`,
    saved.whenToUse,
    ...(query ? [block(query)] : []),
    ...(rows.length > 0 ? [markdownTable(['parameter', 'meaning', 'example'], rows)] : []),
    ...(beside ? ['Beside it, in a split view:', block(beside)] : []),
    `After: ${alerts}. [Open it on this machine’s stack](${explore}${savedQueryUrl(saved, { split: beside !== undefined })}).`,
  ].join('\n\n');
}

const block = (query: Query): string => `\`\`\`${query.language}\n${renderQuery(query)}\n\`\`\``;
