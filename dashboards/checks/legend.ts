import { labelsOf } from '../../telemetry/query/result-labels.ts';
import { stableJson } from '../stable-json.ts';
import { type Asked, type Finding, treeOf } from './asked.ts';

const namedBy = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, label = '']) => label);

/** Labels that a legend or a link of the data names, and that the series of the query do not have. */
export function legendFindings(asked: readonly Asked[]): readonly Finding[] {
  return asked.flatMap((query) => {
    const { legend, panel, where } = query;
    const tree = query.language === 'promql' ? treeOf(query) : undefined;
    if (!tree) return [];
    const has = labelsOf(tree);
    const missing = (labels: readonly string[]): readonly string[] =>
      [...new Set(labels)].filter((label) => !has.has(label));
    const links = stableJson(panel.fieldConfig?.defaults.links ?? []);
    return [
      ...missing(namedBy(legend, /\{\{\s*(\w+)\s*\}\}/g)).map((label) => ({
        what: `its legend names ${label}, which the series do not have`,
        where,
        fix: `group by ${label}, or take it out of the legend`,
      })),
      ...missing(namedBy(links, /__field\.labels\.(\w+)/g)).map((label) => ({
        what: `a link of its data names ${label}, which the series do not have`,
        where,
        fix: `group by ${label}, or leave the link out`,
      })),
    ];
  });
}
