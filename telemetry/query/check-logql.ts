import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode } from '@lezer/common';
import { targetLabels } from '../contract/labels.ts';
import { freeLogFields, logFields, streamLabels } from '../contract/logs.ts';
import type { QueryProblem } from './check-promql.ts';
import { descendants } from './logql-tree.ts';
import { type LogqlQuery, renderQuery } from './query.ts';
import { withoutVariables } from './variables.ts';

/** Labels by which streams are selected; a scrape's own are none of them. */
export const selectable: ReadonlySet<string> = new Set(
  [...Object.keys(targetLabels), ...Object.keys(streamLabels)].filter(
    (label) => label !== 'instance' && label !== 'job',
  ),
);

const declaredFields: ReadonlySet<string> = new Set([
  ...Object.keys(logFields),
  ...Object.keys(freeLogFields),
]);

/** Fields that Loki keeps beside the line: known without parsing it. */
export const metadataFields: ReadonlySet<string> = new Set(
  Object.entries(logFields).flatMap(([name, { storage }]) => (storage === 'metadata' ? [name] : [])),
);

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

/**
 * Also whether every field is one that the contract declares and the query has parsed out of the line, and whether a
 * line that is no JSON would make Loki give the whole query up.
 */
export function checkLogql(query: LogqlQuery): readonly QueryProblem[] {
  const text = withoutVariables(renderQuery(query));
  const problems = checkLogqlText(text);
  if (problems.length > 0) return problems;
  const root = parser.parse(text).topNode;
  const ranges = descendants(root, 'LogRangeExpr');
  return (ranges.length > 0 ? ranges : [root]).flatMap((pipeline) => [
    ...fieldProblems(text, pipeline),
    ...(ranges.length > 0 ? parseErrorProblems(text, pipeline) : []),
  ]);
}

/** Names that a pipeline has taken out of the line by `| json name` or `| json name="path"`, or all by `| json`. */
export function extractedFields(text: string, pipeline: SyntaxNode): ReadonlySet<string> {
  if (descendants(pipeline, 'LabelParser').length > 0) return declaredFields;
  return new Set(descendants(pipeline, 'LabelExtractionExpression').map((part) => identifier(text, part)));
}

const identifier = (text: string, node: SyntaxNode): string => {
  const name = node.getChild('Identifier');
  return name ? text.slice(name.from, name.to) : '';
};

const comparing = ['Matcher', 'NumberFilter', 'DurationFilter', 'BytesFilter', 'UnwrapExpr'] as const;
const internal = /^__error/;

function fieldProblems(text: string, pipeline: SyntaxNode): QueryProblem[] {
  const extracted = extractedFields(text, pipeline);
  const excerpt = (node: SyntaxNode): string => text.slice(node.from, node.to);
  const undeclared = descendants(pipeline, 'LabelExtractionExpression')
    .filter((part) => !declaredFields.has(identifier(text, part)) || !declaredFields.has(source(text, part)))
    .map((part) => ({ message: 'the contract declares no such log field', excerpt: excerpt(part) }));
  const unknown = comparing
    .flatMap((kind) => descendants(pipeline, kind))
    .filter((node) => node.parent?.name !== 'Matchers')
    .flatMap((node) => {
      const name = identifier(text, node);
      const known =
        name === '' ||
        internal.test(name) ||
        selectable.has(name) ||
        metadataFields.has(name) ||
        extracted.has(name);
      return known
        ? []
        : [{ message: `the line has no field ${name}, or it was not parsed`, excerpt: excerpt(node) }];
    });
  return [...undeclared, ...unknown];
}

/** The path that an extraction reads: its own name unless it says another. */
function source(text: string, extraction: SyntaxNode): string {
  const path = extraction.getChild('String');
  return path ? text.slice(path.from + 1, path.to - 1) : identifier(text, extraction);
}

/** In a metric query one line with a parser's error fails the query; `level` and `log_format` are had by JSON alone. */
function parseErrorProblems(text: string, pipeline: SyntaxNode): QueryProblem[] {
  const matchers = descendants(pipeline, 'Matcher');
  const forgiven = matchers.some((matcher) => identifier(text, matcher) === '__error__');
  const onlyJson = matchers.some(
    (matcher) =>
      matcher.parent?.name === 'Matchers' &&
      !matcher.getChild('Neq') &&
      !matcher.getChild('Nre') &&
      (identifier(text, matcher) === 'level' ||
        /^log_format="json"$/.test(text.slice(matcher.from, matcher.to))),
  );
  const parses = ['JsonExpressionParser', 'LabelParser'].some(
    (kind) => descendants(pipeline, kind).length > 0,
  );
  const unwraps = descendants(pipeline, 'UnwrapExpr').length > 0;
  const excerpt = text.slice(pipeline.from, pipeline.to);
  if (forgiven) return [];
  return [
    ...(parses && !onlyJson
      ? [{ message: 'a line that is no JSON would fail the query: select by level or log_format', excerpt }]
      : []),
    ...(unwraps
      ? [{ message: 'a value that is no number would fail the query: add | __error__ = ""', excerpt }]
      : []),
  ];
}
