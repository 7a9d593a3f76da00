import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { buildDashboards, type GeneratedDashboard } from '../../dashboards/index.ts';
import { record, text } from '../../dashboards/placed.ts';
import { localHost } from '../local/files.ts';
import { localPorts } from '../local/ports.ts';
import { code, generatedPage, markdownTable } from './markdown.ts';

const preview = `http://${localHost}:${localPorts(0).preview}`;

/** Every dashboard with its panels: what they show and ask, in which unit, and where their limits are. */
export function dashboardsPage(): string {
  const all = buildDashboards({ runbooks: '../runbooks/{id}.md' });
  const rows = all.map(({ uid, title, model }) => [
    `[${title}](#${anchorOf(title)})`,
    code(uid),
    String(sectionsOf(model).reduce((sum, { panels }) => sum + panels.length, 0)),
  ]);
  return generatedPage('Dashboards', '`dashboards/`', [
    'With the default thresholds; an environment file moves them, and the panels follow. How to add one: [Add a dashboard](../how-to/add-a-dashboard.md), [Add a panel](../how-to/add-a-panel.md). What is checked: [Checks of dashboards](../checks/dashboards/README.md).',
    markdownTable(['dashboard', 'uid', 'panels'], rows),
    ...all.flatMap(dashboardSection),
  ]);
}

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');

function dashboardSection({ uid, title, model }: GeneratedDashboard): readonly string[] {
  const variables = (model.templating.list ?? []).filter(({ hide }) => hide !== 2);
  return [
    `## ${title}`,
    model.description ?? '',
    [
      `[Open it on this machine’s stack](${preview}/d/${uid}).`,
      ...(variables.length > 0
        ? [`Variables: ${variables.map(({ name }) => code(`$${name}`)).join(', ')}.`]
        : []),
    ].join(' '),
    ...sectionsOf(model).flatMap(({ name, panels }) => [`### ${title}: ${name}`, ...panels.map(panelText)]),
  ];
}

interface PanelSection {
  readonly name: string;
  readonly panels: readonly Panel[];
}

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row';

/** Panels by the row that they stand under. */
function sectionsOf({ panels = [] }: Dashboard): readonly PanelSection[] {
  return panels.flatMap((row, index) => {
    if (!isRow(row)) return [];
    const rest = panels.slice(index + 1);
    const end = rest.findIndex(isRow);
    const open = rest
      .slice(0, end === -1 ? rest.length : end)
      .filter((panel): panel is Panel => !isRow(panel));
    return [{ name: row.title ?? '', panels: [...open, ...row.panels] }];
  });
}

function panelText(panel: Panel): string {
  const { unit } = panel.fieldConfig?.defaults ?? {};
  const facts = [panel.type, ...(unit ? [`unit ${code(unit)}`] : []), ...limitsOf(panel)];
  const links = (panel.links ?? [])
    .filter(({ url }) => url?.startsWith('../'))
    .map(({ title, url }) => ` [${title}](${url}).`);
  const queries = (panel.targets ?? []).map((target) => {
    const language = text(record(target).datasource, 'type') === 'loki' ? 'logql' : 'promql';
    return `  \`\`\`${language}\n${indented(text(target, 'expr'))}\n  \`\`\``;
  });
  return [
    `- **${panel.title}** (${facts.join(', ')}). ${panel.description}${links.join('')}`,
    ...queries,
  ].join('\n\n');
}

const indented = (query: string): string =>
  query
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

/** Where a value changes its colour. */
const limitsOf = (panel: Panel): readonly string[] =>
  (panel.fieldConfig?.defaults.thresholds?.steps ?? []).flatMap(({ value, color }) =>
    value === null || value === undefined ? [] : [`${color} from ${value}`],
  );
