import { parser } from '@grafana/lezer-logql';
import { descendants } from '../telemetry/query/logql-tree.ts';

/** The query with each `>` between two results made `>=`: what is exactly at a threshold fires then. */
export function withBoundaryMoved(query: string): string {
  return descendants(parser.parse(query).topNode, 'BinOpExpr')
    .flatMap((node) => node.getChildren('Gtr'))
    .sort((a, b) => b.from - a.from)
    .reduce((text, { from, to }) => `${text.slice(0, from)}>=${text.slice(to)}`, query);
}
