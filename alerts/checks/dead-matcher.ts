import { deadMatchers } from '../../telemetry/query/dead-matchers.ts';
import { ruleCheck } from './support/check.ts';

export const deadMatcher = ruleCheck('dead-matcher', 'SL1546', ({ tree }) =>
  (tree ? deadMatchers(tree) : []).map(({ selector, matcher: { label, operator, value }, part, values }) => ({
    what: `${label}${operator}"${value}" in ${selector.name ?? 'the stream selector'}: ${part} is no value of ${label}`,
    fix: `use values that the contract declares: ${values.join(', ')}`,
  })),
);
