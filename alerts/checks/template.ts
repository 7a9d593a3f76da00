import { alertCheck, type Finding } from './support/check.ts';

/** Functions of Prometheus' templates, and what Go's own language brings. Loki's ruler has the same. */
const functions = new Set([
  'and',
  'or',
  'not',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'if',
  'else',
  'end',
  'range',
  'with',
  'define',
  'template',
  'len',
  'index',
  'slice',
  'print',
  'printf',
  'println',
  'html',
  'js',
  'urlquery',
  'call',
  'true',
  'false',
  'nil',
  'query',
  'first',
  'label',
  'value',
  'strvalue',
  'args',
  'reReplaceAll',
  'safeHtml',
  'match',
  'title',
  'toUpper',
  'toLower',
  'graphLink',
  'tableLink',
  'sortByLabel',
  'stripPort',
  'stripDomain',
  'humanize',
  'humanize1024',
  'humanizeDuration',
  'humanizePercentage',
  'humanizeTimestamp',
  'toTime',
  'toDuration',
  'now',
  'pathPrefix',
  'externalURL',
  'parseDuration',
  'urlQueryEscape',
  'float64',
  'int',
  'int64',
]);
const variables = new Set(['labels', 'externalLabels', 'externalURL', 'value']);

export const template = alertCheck('template', 'SL1557', ({ alert }) =>
  [
    ['summary', alert.summary],
    ['description', alert.description],
  ].flatMap(([field = '', text = '']) =>
    findingsOf(text).map(({ what, fix }) => ({ what: `${field}: ${what}`, fix })),
  ),
);

function findingsOf(text: string): readonly Finding[] {
  const actions = [...text.matchAll(/\{\{(.*?)\}\}/gs)].map(([, inner = '']) => inner);
  const rest = text.replaceAll(/\{\{(.*?)\}\}/gs, '');
  return [
    ...(/\{\{|\}\}/.test(rest) ? [{ what: 'a {{ or }} has no partner', fix: 'close every {{ with }}' }] : []),
    ...actions.flatMap((action) => {
      // What stands in quotes is text; what follows a dot is a field.
      const code = action.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
      const unknownVariables = [...code.matchAll(/\$(\w+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !variables.has(name));
      const unknownFunctions = [...code.matchAll(/(?<![$.\w])[a-zA-Z]\w*/g)]
        .map(([name]) => name)
        .filter((name) => !functions.has(name));
      return [
        ...(code.trim() === '' ? [{ what: 'an empty {{ }}', fix: 'remove it' }] : []),
        ...unknownVariables.map((name) => ({
          what: `there is no $${name}`,
          fix: 'use $labels.<label> or $value',
        })),
        ...unknownFunctions.map((name) => ({
          what: `templates have no function ${name}`,
          fix: 'see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/',
        })),
      ];
    }),
  ];
}
