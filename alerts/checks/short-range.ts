import { type Expression, expressionsIn } from '../../telemetry/query/promql-tree.ts';
import { shortLogWindows } from '../log-expression.ts';
import { type Finding, ruleCheck } from './support/check.ts';

const fewestScrapes = 4;
const needSamples = new Set(['rate', 'increase', 'irate', 'delta', 'idelta', 'deriv', 'predict_linear']);

export const shortRange = ruleCheck('short-range', 'SL1508', ({ tree, query, text }, { scrapeIntervalMs }) =>
  query.language === 'logql'
    ? shortLogWindows(text).map((window) => ({
        what: `a line that comes late is in no range of ${window}`,
        fix: 'use [2m] or longer: two evaluations of the ruler',
      }))
    : rangesIn(tree, scrapeIntervalMs),
);

const rangesIn = (tree: Expression | undefined, scrapeIntervalMs: number): readonly Finding[] =>
  (tree ? expressionsIn(tree) : []).flatMap((part) => {
    const name = part.kind === 'call' ? part.name : '';
    const [range] = part.kind === 'call' ? part.args : [];
    const tooShort =
      needSamples.has(name) && range?.kind === 'range' && range.rangeMs < fewestScrapes * scrapeIntervalMs;
    return tooShort
      ? [
          {
            what: `${name}() over ${range.rangeMs / 1000}s sees fewer than four scrapes`,
            fix: `use a range of ${(fewestScrapes * scrapeIntervalMs) / 1000}s or longer; [2m] has room for a lost one`,
          },
        ]
      : [];
  });
