import { LogsDedupStrategy, LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import * as logs from '@grafana/grafana-foundation-sdk/logs';
import type { LogLevel } from '../../telemetry/contract/logs.ts';
import { type LogqlQuery, logql, stream } from '../../telemetry/query/query.ts';
import { matches } from '../../telemetry/query/series.ts';
import type { PanelSpec } from '../spec.ts';
import { type About, logsOf, lokiRef, type PanelContext, selectedStreams, spec } from './common.ts';
import { stackedBars } from './visuals.ts';

const levelColors: Readonly<Record<LogLevel, string>> = {
  DEBUG: 'blue',
  INFO: 'green',
  WARNING: 'yellow',
  ERROR: 'red',
  CRITICAL: 'purple',
};

/** Lines at ERROR and CRITICAL of what is selected. */
export const errorStreams = stream({ ...selectedStreams, level: matches('ERROR|CRITICAL') });

/** What the services wrote, narrowed by the text in the search box. */
export function logPanels(context: PanelContext): readonly PanelSpec[] {
  const volume = {
    title: 'Log lines by level',
    description:
      'Lines in each interval. A burst of red tells when it began: drag over it to zoom in. Nothing at all: see whether Promtail and Loki are well.',
    width: 24,
    height: 6,
    unit: 'short',
    colors: levelColors,
    targets: [
      logsOf(
        logql`sum by (level) (count_over_time(${stream(selectedStreams)} |~ \`(?i)$search\` [$__auto]))`,
        context,
        '{{level}}',
      ),
    ],
  };
  const errors = {
    title: 'Errors',
    savedQuery: 'error-bursts-by-pattern',
    description:
      'Lines at ERROR and CRITICAL, the newest first. Open one for its request id and trace id, and follow those through the other services.',
    width: 12,
    height: 12,
  };
  const all = {
    title: 'Logs',
    description: 'All lines of the selected services, the newest first. The search box on top narrows them.',
    width: 12,
    height: 12,
  };
  return [
    spec(volume, stackedBars(volume, context).datasource(lokiRef).dataLinks([])),
    lineList(errors, logql`${errorStreams} |~ \`(?i)$search\``, context),
    lineList(all, logql`${stream(selectedStreams)} |~ \`(?i)$search\``, context),
  ];
}

/** Lines, the newest first. */
export function lineList(about: About, query: LogqlQuery, context: PanelContext): PanelSpec {
  const panel = new logs.PanelBuilder()
    .title(about.title)
    .description(about.description)
    .datasource(lokiRef)
    .targets([logsOf(query, context)])
    .sortOrder(LogsSortOrder.Descending)
    .dedupStrategy(LogsDedupStrategy.None);
  return spec(about, panel);
}
