import { parser } from '@grafana/lezer-logql';
import { targetLabels } from '../contract/labels.ts';
import { streamLabels } from '../contract/logs.ts';
import type { QueryProblem } from './check-promql.ts';
import { withoutVariables } from './variables.ts';

const selectable = new Set<string>([...Object.keys(targetLabels), ...Object.keys(streamLabels)]);

/** Syntax of a LogQL text, and whether its stream selectors name labels that streams have. */
export function checkLogqlText(text: string): readonly QueryProblem[] {
  const query = withoutVariables(text);
  const problems: QueryProblem[] = [];
  parser.parse(query).iterate({
    enter: ({ name, node, type }) => {
      if (type.isError)
        problems.push({
          message: `syntax error at character ${node.from}`,
          excerpt: query.slice(Math.max(0, node.from - 20), node.to + 20),
        });
      if (name !== 'Matcher' || node.parent?.name !== 'Matchers') return;
      const label = node.getChild('Identifier');
      if (!label) return;
      const labelName = query.slice(label.from, label.to);
      if (!selectable.has(labelName))
        problems.push({
          message: `no log stream has the label ${labelName}`,
          excerpt: query.slice(node.from, node.to),
        });
    },
  });
  return problems;
}
