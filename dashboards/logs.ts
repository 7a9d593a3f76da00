import { field, logql, series, stream } from '../telemetry/query/query.ts';
import { matches } from '../telemetry/query/series.ts';
import { exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { type PanelContext, selectedStreams } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import { errorStreams, logPanels } from './panels/logs.ts';
import { rateOf } from './panels/queries.ts';
import { anyIs } from './panels/visuals.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { everythingVariables, searchVariable } from './variables.ts';

const chosen = stream(selectedStreams);
const plain = stream({ ...selectedStreams, log_format: 'text' });
const json = stream({ ...selectedStreams, log_format: 'json' });
const complaints = stream({
  ...selectedStreams,
  log_format: 'json',
  level: matches('WARNING|ERROR|CRITICAL'),
});
const warnings = stream({ ...selectedStreams, level: 'WARNING' });

/** What is written, how much of it, and what is new in it? */
export function logs(context: PanelContext): DashboardSpec {
  return {
    uid: 'logs',
    description:
      'Log lines of services and of the stack: volume by level and service, the most frequent errors and messages, and the lines. Generated: change it in dashboards/.',
    tags: ['sightline', 'logs'],
    variables: [...everythingVariables(), searchVariable],
    annotations: [firingAlerts(selectedStreams)],
    links: [...linksTo('home', 'service-overview', 'stack', 'alerts'), exploreLogs],
    sections: [
      { title: 'At a glance', panels: glance(context) },
      { title: 'Errors by kind', panels: errors(context) },
      { title: 'Patterns', panels: patterns(context) },
      { title: 'Volume', panels: volume(context) },
      { title: 'Lines', panels: logPanels(context) },
    ],
  };
}

function glance(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  const quarter = {
    width: 6,
    unit: 'short',
    decimals: 1,
    allow: [{ check: 'range', because: 'a number for a minute wants the same five minutes at every zoom' }],
  } as const;
  const counted = (lines: typeof chosen) => logql`60 * sum(rate(${lines} [5m])) or vector(0)`;
  return [
    number({
      ...quarter,
      title: 'Lines / min',
      description: 'Over five minutes. Nothing at all: see whether Promtail and Loki are well.',
      color: 'blue',
      asks: [[counted(chosen), 'lines']],
    }),
    number({
      ...quarter,
      title: 'Error lines / min',
      description: 'Lines at ERROR and CRITICAL, over five minutes. Which kinds they are is drawn below.',
      runbook: 'error-log-burst',
      steps: anyIs('red'),
      asks: [[counted(errorStreams), 'errors']],
    }),
    number({
      ...quarter,
      title: 'Warnings / min',
      description: 'Lines at WARNING, over five minutes: what the writer could go on from.',
      steps: anyIs('orange'),
      asks: [[counted(warnings), 'warnings']],
    }),
    number({
      ...quarter,
      title: 'Not JSON / min',
      description:
        'Lines without level, request id and trace id. From a service: something writes past the logger, or it crashed.',
      runbook: 'service-logs-not-json',
      steps: anyIs('orange'),
      asks: [[counted(plain), 'lines']],
    }),
  ];
}

function errors(context: PanelContext): readonly PanelSpec[] {
  const { line, stack } = panelKit(context);
  return [
    stack({
      title: 'Errors by type',
      savedQuery: 'error-bursts-by-pattern',
      description:
        'The ten most frequent classes of error. One that was not there before is what to look at, however small.',
      unit: 'short',
      width: 12,
      runbook: 'errors-of-one-kind',
      asks: [
        [
          logql`topk(10, sum by (service, error_type) (count_over_time(${errorStreams} | json ${field('error_type')} | ${field('error_type')} != "" [$__auto])))`,
          '{{service}} {{error_type}}',
        ],
      ],
    }),
    stack({
      title: 'Errors by logger',
      savedQuery: 'error-bursts-by-pattern',
      description: 'Which part of which service complains. Click a bar for the lines of that service.',
      unit: 'short',
      width: 12,
      runbook: 'component-errors',
      asks: [
        [
          logql`topk(10, sum by (service, logger) (count_over_time(${errorStreams} [$__auto])))`,
          '{{service}} {{logger}}',
        ],
      ],
    }),
    line({
      title: 'Error lines a second, as the services count them',
      description:
        'From metrics, so that it is here while Loki is not. Above the dashed line a service writes error after error.',
      unit: 'short',
      width: 24,
      height: 6,
      runbook: 'error-log-burst',
      limits: { warning: 'error_log_rate_warning' },
      asks: [
        [
          rateOf(
            series('log_lines_total', { ...selectedStreams, level: matches('ERROR|CRITICAL') }),
            'service',
          ),
          '{{service}}',
        ],
      ],
    }),
  ];
}

/** What stays of a message without its numbers and ids. */
const kind = logql`label_format message=\`{{ regexReplaceAll "[0-9a-fA-F-]{16,}|[0-9]+" .message "_" }}\``;

function patterns(context: PanelContext): readonly PanelSpec[] {
  const { stack } = panelKit(context);
  const of = (lines: typeof chosen) =>
    logql`topk(10, sum by (service, message) (count_over_time(${lines} | json ${field('message')} | ${field('message')} != "" | ${kind} [$__auto])))`;
  return [
    stack({
      title: 'Patterns of errors and warnings',
      description:
        'The ten most frequent messages, their numbers and ids left out. One that was not there before a deployment is what it broke.',
      unit: 'short',
      width: 12,
      savedQuery: 'error-bursts-by-pattern',
      runbook: 'errors-of-one-kind',
      asks: [[of(complaints), '{{service}} {{message}}']],
    }),
    stack({
      title: 'Patterns of all lines',
      description:
        'The ten most frequent messages at any level. What fills the logs and helps nobody is to be written less often, or at DEBUG.',
      unit: 'short',
      width: 12,
      savedQuery: 'noisy-loggers',
      asks: [[of(json), '{{service}} {{message}}']],
    }),
  ];
}

function volume(context: PanelContext): readonly PanelSpec[] {
  const { stack } = panelKit(context);
  return [
    stack({
      title: 'Lines by service',
      savedQuery: 'noisy-loggers',
      description:
        'Lines in each interval. One that grows alone became noisy: logs cost space and hide what matters. One that falls to nothing is down, or its logs are not collected.',
      unit: 'short',
      width: 12,
      asks: [[logql`sum by (service) (count_over_time(${chosen} [$__auto]))`, '{{service}}']],
    }),
    stack({
      title: 'Bytes by service',
      description: 'Bytes in each interval. Much more bytes than lines: somebody logs whole bodies.',
      unit: 'bytes',
      width: 12,
      asks: [[logql`sum by (service) (bytes_over_time(${chosen} [$__auto]))`, '{{service}}']],
    }),
  ];
}
