import { createRequire } from 'node:module';
import type { SyntaxNode } from '@lezer/common';
import type { PromqlQuery } from './query.ts';
import { renderQuery } from './query.ts';
import { remembered } from './remembered.ts';
import { labelsOfSeries } from './series.ts';
import { withoutVariables } from './variables.ts';

export interface QueryProblem {
  readonly message: string;
  /** The part of the query it is about. */
  readonly excerpt: string;
}

// The type checker is CommonJS and finds the tree by identity of CodeMirror's classes: all must come from one build.
const require = createRequire(import.meta.url);
const { ensureSyntaxTree, LRLanguage } =
  require('@codemirror/language') as typeof import('@codemirror/language', { with: {
    'resolution-mode': 'require',
  }});
const { EditorState } = require('@codemirror/state') as typeof import('@codemirror/state', { with: {
  'resolution-mode': 'require',
}});
const { Parser } =
  require('@prometheus-io/codemirror-promql/dist/cjs/parser/parser.js') as typeof import('@prometheus-io/codemirror-promql/dist/cjs/parser/parser.js');

const { parser } =
  require('@prometheus-io/lezer-promql') as typeof import('@prometheus-io/lezer-promql', { with: {
    'resolution-mode': 'require',
  }});

// One class at run time; the packages' declarations name it twice, as CommonJS and as a module.
type GrammarParser = Parameters<typeof LRLanguage.define>[0]['parser'];
const parseTimeoutMs = 30_000;
const language = LRLanguage.define({ parser: parser as unknown as GrammarParser });

/** Syntax and types of a PromQL text; dashboard variables are replaced first. */
export const checkPromqlText = remembered((text): readonly QueryProblem[] => {
  const query = withoutVariables(text);
  return [...syntaxProblems(query), ...typeProblems(query)];
});

/** Also whether every series is known, and every label that is grouped or matched by exists on it. */
export function checkPromql(query: PromqlQuery): readonly QueryProblem[] {
  const text = withoutVariables(renderQuery(query));
  const problems = checkPromqlText(text);
  return problems.length > 0 ? problems : referenceProblems(text);
}

function syntaxProblems(query: string): QueryProblem[] {
  const problems: QueryProblem[] = [];
  parser.parse(query).iterate({
    enter: (node) => {
      if (!node.type.isError) return;
      const excerpt = query.slice(Math.max(0, node.from - 20), node.to + 20);
      problems.push({ message: `syntax error at character ${node.from}`, excerpt });
    },
  });
  return problems;
}

/** The type checker overlooks what the grammar does not (an unclosed parenthesis), and the other way round. */
function typeProblems(query: string): QueryProblem[] {
  // A new state parses for 20 ms at most, which a busy machine exceeds: then the checker would judge half a query.
  const started = EditorState.create({ doc: query, extensions: language });
  ensureSyntaxTree(started, query.length, parseTimeoutMs);
  const checker = new Parser(started.update({}).state);
  checker.analyze();
  return checker
    .getDiagnostics()
    .map(({ message, from, to }) => ({ message, excerpt: query.slice(from, to) }));
}

function referenceProblems(query: string): QueryProblem[] {
  const problems: QueryProblem[] = [];
  const labels = new Set<string>();
  const grouped: string[] = [];
  let everySeriesKnown = true;
  const text = (node: SyntaxNode): string => query.slice(node.from, node.to);
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (name === 'VectorSelector') {
        const identifier = node.getChild('Identifier');
        const known = identifier ? labelsOfSeries(text(identifier)) : undefined;
        if (identifier && !known) {
          everySeriesKnown = false;
          problems.push({
            message: 'no contract and no catalogue declares this series',
            excerpt: text(identifier),
          });
        }
        known?.forEach((label) => {
          labels.add(label);
        });
        for (const label of matchedLabels(node, text))
          if (known && !known.has(label))
            problems.push({ message: `the series has no label ${label}`, excerpt: text(node) });
      }
      if (name === 'GroupingLabels')
        for (const label of node.getChildren('LabelName')) grouped.push(text(label));
    },
  });
  if (everySeriesKnown && labels.size > 0)
    for (const label of grouped)
      if (!labels.has(label))
        problems.push({ message: 'no series of this query has this label', excerpt: label });
  return problems;
}

function matchedLabels(selector: SyntaxNode, text: (node: SyntaxNode) => string): string[] {
  return (selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).flatMap(
    (matcher) => {
      const label = matcher.getChild('LabelName');
      return label ? [text(label)] : [];
    },
  );
}
