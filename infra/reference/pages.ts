import { type AnyAlertRule, ruleId } from '../../alerts/rule.ts';
import { logRulesByDomain, rulesByDomain } from '../../alerts/rules/index.ts';
import { events } from '../../telemetry/contract/events.ts';
import { metricLabels } from '../../telemetry/contract/labels.ts';
import { freeLogFields, logFields } from '../../telemetry/contract/logs.ts';
import { metrics } from '../../telemetry/contract/metrics.ts';
import { thresholds } from '../../telemetry/contract/thresholds.ts';
import type { LabelDefinition } from '../../telemetry/contract/types.ts';
import { errorCodes } from '../../telemetry/errors.ts';
import { renderQuery } from '../../telemetry/query/query.ts';
import { environmentVariables } from '../local/settings.ts';
import { architecturePage } from './architecture-page.ts';
import { cataloguePage } from './catalogue-page.ts';
import { configurationPage } from './configuration-page.ts';
import { dashboardsPage } from './dashboards-page.ts';
import { code, generatedPage, markdownTable } from './markdown.ts';
import { queriesPage } from './queries-page.ts';
import { slosPage } from './slos.ts';

/** Every generated page of docs/reference, by file name. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['errors.md', errorsPage()],
    ['environment.md', environmentPage()],
    ['configuration.md', configurationPage()],
    ['architecture.md', architecturePage()],
    ['metrics.md', metricsPage()],
    ['catalogue.md', cataloguePage()],
    ['logs-and-events.md', logsAndEventsPage()],
    ['alerts.md', alertsPage()],
    ['slos.md', slosPage()],
    ['queries.md', queriesPage()],
    ['dashboards.md', dashboardsPage()],
  ]);
}

function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([name, meaning]) => [code(name), meaning]);
  return generatedPage('Error codes', '`telemetry/errors.ts`', [
    'Every message says what went wrong, where, and how to fix it.',
    markdownTable(['code', 'meaning'], rows),
  ]);
}

function environmentPage(): string {
  const rows = environmentVariables.map(({ name, description, secret }) => [
    code(name),
    description,
    secret ? 'yes' : '',
  ]);
  return generatedPage('Environment variables of the local stack', '`infra/local/settings.ts`', [
    'Set them in the environment of `npm start`, or in a file `.env` beside the README, one `NAME=value` a line. Secrets reach Alertmanager as files of mode 0600, never by command line or configuration.',
    markdownTable(['variable', 'meaning', 'secret'], rows),
  ]);
}

function metricsPage(): string {
  const metricRows = Object.entries(metrics).map(([name, { type, help, labels, services }]) => [
    code(name),
    type,
    help,
    labels.map(code).join(', '),
    services.length === 5 ? 'all' : services.join(', '),
  ]);
  const labelRows = Object.entries(metricLabels).map(([name, label]: readonly [string, LabelDefinition]) => [
    code(name),
    label.description,
    label.values?.map(code).join(', ') ?? `any, at most ${label.maxValues} a service`,
  ]);
  const thresholdRows = Object.entries(thresholds).map(([name, threshold]) => [
    code(name),
    threshold.description,
    `${threshold.default} (${threshold.min} to ${threshold.max})`,
    threshold.unit,
  ]);
  return generatedPage('Metrics, labels and thresholds', '`telemetry/contract/`', [
    markdownTable(['metric', 'type', 'meaning', 'labels', 'services'], metricRows),
    '## Labels',
    markdownTable(['label', 'meaning', 'values'], labelRows),
    '## Thresholds',
    'An environment file moves them within their bounds; alerts and the lines in panels follow.',
    markdownTable(['threshold', 'of', 'default (bounds)', 'unit'], thresholdRows),
  ]);
}

function logsAndEventsPage(): string {
  const fieldRows = Object.entries({ ...logFields, ...freeLogFields }).map(([name, field]) => [
    code(name),
    field.type,
    field.description,
    field.storage,
  ]);
  const eventRows = Object.entries(events).map(([type, event]) => [
    code(type),
    code(event.topic),
    event.description,
    event.publishers.join(', '),
    event.subscribers.join(', '),
  ]);
  return generatedPage('Log fields and events', '`telemetry/contract/`', [
    'One JSON line an event. Storage: `label` selects streams, `metadata` is Loki’s structured metadata, `line` is only in the line.',
    markdownTable(['field', 'type', 'meaning', 'storage'], fieldRows),
    '## Events',
    markdownTable(['CloudEvents type', 'topic', 'meaning', 'published by', 'consumed by'], eventRows),
  ]);
}

function alertsPage(): string {
  const domains: Readonly<Record<string, readonly AnyAlertRule[]>> = {
    ...rulesByDomain,
    ...logRulesByDomain,
  };
  const parts = Object.entries(domains).flatMap(([domain, rules]) => [
    `## ${domain}`,
    ...rules.map((rule) =>
      [
        `### ${ruleId(rule)}`,
        `[Runbook](../runbooks/${rule.runbook}.md)`,
        `\`\`\`${rule.expr.language}\n${renderQuery(rule.expr)}\n\`\`\``,
        rule.for ? `For ${rule.for.duration}: ${rule.for.because}.` : 'Fires at the first evaluation.',
      ].join('\n\n'),
    ),
  ]);
  return generatedPage('Alert rules', '`alerts/rules/`', parts);
}
