import { absentComponents, absentMetrics } from '../../telemetry/catalogue/absent-locally.ts';
import { catalogueComponents } from '../../telemetry/catalogue/components.ts';
import type { CatalogueComponent } from '../../telemetry/catalogue/types.ts';
import { type ComponentRecord, readRecord, recordPath } from '../catalogue/record.ts';
import { code, generatedPage, markdownTable } from './markdown.ts';

/** Third-party metrics by component, and what says that they are right. */
export function cataloguePage(): string {
  const record = readRecord();
  const absent: Readonly<Record<string, string>> = { ...absentComponents, ...absentMetrics };
  const parts = Object.entries<CatalogueComponent>(catalogueComponents).flatMap(([name, component]) => [
    `## ${component.title}`,
    grounds(name, component, record[name]),
    ...(absent[name] === undefined ? [] : [`Not in the local stack: needs ${absent[name]}.`]),
    metricsTable(component, record[name], absent),
  ]);
  return generatedPage(
    'Metrics of third-party components',
    `\`telemetry/catalogue/\` and \`${recordPath}\``,
    [
      'What rules and panels read of components that are not ours. How to add a metric, or move to another version: [Verify the catalogue](../how-to/verify-the-catalogue.md).',
      ...parts,
    ],
  );
}

function grounds(name: string, { source }: CatalogueComponent, record: ComponentRecord | undefined): string {
  if (source !== undefined)
    return `Read, not run, for version ${source.version}:\n\n${source.files.map((file) => `- ${file}`).join('\n')}`;
  return record === undefined
    ? `Not verified: \`npm run verify:catalogue -- --component ${name} --update\``
    : `Seen on version ${record.version} on ${record.date}; again: \`npm run verify:catalogue -- --component ${name}\``;
}

function metricsTable(
  { metrics, source }: CatalogueComponent,
  record: ComponentRecord | undefined,
  absent: Readonly<Record<string, string>>,
): string {
  const rows = Object.entries(metrics).map(([name, { type, exposedAs, labels, help }]) => [
    code(name),
    exposedAs === undefined ? type : `${type}, exposed as ${exposedAs}`,
    labels.map(code).join(', '),
    absent[name] === undefined ? help : `${help}. Not in the local stack: needs ${absent[name]}`,
    source === undefined ? (record?.metrics[name]?.state ?? 'never verified') : 'read',
  ]);
  return markdownTable(['metric', 'type', 'labels', 'meaning', 'state'], rows);
}
