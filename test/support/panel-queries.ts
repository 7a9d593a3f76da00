import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import type { DashboardModel, DataSourceRef, TargetModel } from '../../dashboards/preview/page/model.ts';
import { type AskedVariable, filled, fillVariables } from './grafana-variables.ts';

type Source = Parameters<Ask>[0];

/** A query of a panel or an annotation, as Grafana asks it when a person opens the dashboard. */
export interface PanelQuery {
  /** `service-overview: Request rate A`. */
  readonly where: string;
  readonly source: Source;
  /** As the dashboard has it. */
  readonly written: string;
  /** With its variables filled in. */
  readonly expr: string;
  readonly instant: boolean;
}

export interface DashboardQueries {
  readonly uid: string;
  readonly panels: readonly PanelQuery[];
  readonly annotations: readonly PanelQuery[];
  readonly variables: readonly AskedVariable[];
}

/** Every dashboard begins with the last hour; a point every 15 s is what a panel half a screen wide asks for. */
const firstRange = { from: 'now-1h', to: 'now' };
const rangeSeconds = 3600;
const stepSeconds = 15;

/** Grafana's own variables, at a scrape interval of 15 s. */
const builtIn = {
  __interval: `${stepSeconds}s`,
  __auto: `${stepSeconds}s`,
  __rate_interval: '60s',
  __range: `${rangeSeconds}s`,
};

/** The dashboards that a stack has in its folder. */
export async function deployedDashboards(folder: string): Promise<readonly DashboardModel[]> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as DashboardModel),
  );
}

const sourceOf = (reference: DataSourceRef | undefined): Source =>
  reference?.type === 'loki' ? 'loki' : 'prometheus';

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

/** All that Grafana asks for one dashboard. */
export async function queriesOfDashboard(dashboard: DashboardModel, ask: Ask): Promise<DashboardQueries> {
  const { uid, panels, templating, annotations, time = firstRange } = dashboard;
  if (time.from !== firstRange.from || time.to !== firstRange.to)
    throw new Error(`${uid} begins with ${time.from} to ${time.to}`);
  const now = Date.now();
  const { text, asked } = await fillVariables(templating.list ?? [], async (label, selector) => {
    const start = seconds(now - rangeSeconds * 1000);
    const parameters = { 'match[]': selector, start, end: seconds(now) };
    const body = await ask('prometheus', `/api/v1/label/${label}/values`, parameters);
    return (body as { data: string[] }).data;
  });
  const values = new Map([...Object.entries(builtIn), ...text]);
  const query = (title: string, source: Source, { refId, expr = '', instant }: TargetModel): PanelQuery => ({
    where: `${uid}: ${title} ${refId}`,
    source,
    written: expr,
    expr: filled(expr, values),
    instant: instant === true,
  });
  return {
    uid,
    panels: panels
      .flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]))
      .flatMap(({ title = '', datasource, targets = [] }) =>
        targets.map((target) => query(title, sourceOf(target.datasource ?? datasource), target)),
      ),
    annotations: (annotations.list ?? []).flatMap(({ name, expr }) =>
      expr === undefined ? [] : [query(name, 'prometheus', { refId: 'Anno', expr })],
    ),
    variables: asked,
  };
}

interface ApiAnswer {
  readonly data: {
    readonly resultType: string;
    readonly result: readonly {
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number | string, string])[];
    }[];
  };
}

/** What came back: numbers of series, or lines of logs. */
interface QueryAnswer {
  readonly values: readonly number[];
  readonly lines: number;
}

/** @throws whatever `ask` throws when the query is refused */
export async function answerTo({ source, expr, instant }: PanelQuery, ask: Ask): Promise<QueryAnswer> {
  const prefix = source === 'loki' ? '/loki/api/v1' : '/api/v1';
  const now = Date.now();
  const range = {
    start: seconds(now - rangeSeconds * 1000),
    end: seconds(now),
    step: String(stepSeconds),
  };
  const body = instant
    ? await ask(source, `${prefix}/query`, { query: expr, time: seconds(now) })
    : await ask(source, `${prefix}/query_range`, { query: expr, ...range });
  const { resultType, result } = (body as ApiAnswer).data;
  const pairs = result.flatMap(({ value, values = [] }) => [...(value ? [value] : []), ...values]);
  return resultType === 'streams'
    ? { values: [], lines: pairs.length }
    : { values: pairs.map(([, value]) => Number(value)), lines: 0 };
}
