import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as text from '@grafana/grafana-foundation-sdk/text';
import { ofTheDashboard } from './explore-url.ts';
import { exploreLogs, linksTo } from './navigation.ts';
import { spec } from './panels/common.ts';
import { savedQueriesByTopic } from './queries/index.ts';
import { type ParameterName, parameters } from './queries/parameters.ts';
import { type SavedQuery, savedQueryUrlWithHoles } from './queries/saved-query.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { oneServiceVariable, textVariable } from './variables.ts';

/**
 * A variable for each parameter. The service has a name of its own: elsewhere `$service` may be many, and links carry
 * it along.
 */
const variableNames: Readonly<Record<ParameterName, string>> = {
  user_id: 'user_id',
  request_id: 'request_id',
  trace_id: 'trace_id',
  service: 'one_service',
  milliseconds: 'milliseconds',
};

const labels: Readonly<Record<ParameterName, string>> = {
  user_id: 'User',
  request_id: 'Request',
  trace_id: 'Trace',
  service: 'Service',
  milliseconds: 'Milliseconds',
};

const topics: Readonly<Record<keyof typeof savedQueriesByTopic, string>> = {
  'What failed':
    'Each opens the lines of one kind of failure in the time range shown. No lines: it did not happen.',
  'One user, request or trace':
    'Fill in on top whose lines are looked for, then open. What stands there at first is an example.',
  'What stands out': 'Each counts and compares. The first of its results is where to look on.',
};

/** Which question is asked again and again, and where is its answer? */
export function queryLibrary(): DashboardSpec {
  return {
    uid: 'query-library',
    description:
      'Saved queries by topic: what each answers, when to use it, and links that open it in Explore with the time range shown here. Generated: add queries in dashboards/queries.',
    tags: ['sightline', 'logs'],
    variables: (Object.keys(variableNames) as ParameterName[]).map(variableOf),
    annotations: [],
    links: [...linksTo('home', 'service-overview', 'logs', 'alerts'), exploreLogs],
    sections: (Object.keys(topics) as (keyof typeof topics)[]).map((topic) => ({
      title: topic,
      panels: [topicPanel(topic, savedQueriesByTopic[topic])],
    })),
  };
}

function variableOf(parameter: ParameterName): Builder<VariableModel> {
  const { description, example } = parameters[parameter];
  return parameter === 'service'
    ? oneServiceVariable(variableNames.service, labels.service)
    : textVariable(variableNames[parameter], labels[parameter], description, example);
}

function topicPanel(topic: keyof typeof topics, queries: readonly SavedQuery[]): PanelSpec {
  const panel = new text.PanelBuilder()
    .title(`Queries: ${topic.toLowerCase()}`)
    .description(topics[topic])
    .mode(text.TextMode.Markdown)
    .content([...heading, ...queries.map(row)].join('\n'));
  return spec({ width: 24, height: 1 + Math.ceil(1.75 * queries.length) }, panel);
}

const heading = ['| Query | What it answers | When to use it | After the alerts |', '|---|---|---|---|'];

function row(saved: SavedQuery): string {
  const holes = Object.fromEntries(
    saved.parameters.map((name) => [name, `\${${variableNames[name]}:percentencode}`]),
  );
  const link = (shown: string, split: boolean): string =>
    `[${shown}](${savedQueryUrlWithHoles(saved, holes, { split, range: ofTheDashboard })})`;
  const links = [
    `**${link(saved.title, false)}**`,
    ...(saved.beside ? [link('logs and metrics', true)] : []),
  ];
  const cells = [links.join(' · '), saved.question, saved.whenToUse, saved.alerts.join(', ')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
