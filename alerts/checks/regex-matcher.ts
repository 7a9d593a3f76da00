import { selectorsIn } from '../../telemetry/query/promql-tree.ts';
import { ruleCheck } from './support/check.ts';

export const regexMatcher = ruleCheck('regex-matcher', 'SL1555', ({ tree }) =>
  (tree ? selectorsIn(tree) : []).flatMap(({ matchers }) =>
    matchers
      .filter(({ operator }) => operator.endsWith('~'))
      .flatMap(({ label, operator, value }) => {
        const problem = complaint(value, operator);
        return problem ? [{ what: `${label}${operator}"${value}": ${problem.what}`, fix: problem.fix }] : [];
      }),
  ),
);

function complaint(value: string, operator: string): { what: string; fix: string } | undefined {
  const plain = operator === '=~' ? '=' : '!=';
  if (value.startsWith('^') || (value.endsWith('$') && !value.endsWith('\\$')))
    return { what: 'the whole value is matched anyway', fix: 'leave ^ and $ out' };
  if (value === '.*')
    return operator === '=~'
      ? { what: 'every value matches', fix: 'leave the matcher out' }
      : { what: 'no value is left', fix: 'mend the matcher: it selects nothing' };
  if (!/[.*+?|()[\]{}\\^$]/.test(value))
    return { what: 'there is nothing to match but this text', fix: `write ${plain}` };
  return undefined;
}
