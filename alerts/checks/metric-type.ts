import { misusedMetrics } from '../../telemetry/query/metric-use.ts';
import { ruleCheck } from './support/check.ts';

export const metricType = ruleCheck('metric-type', 'SL1549', ({ tree }) =>
  tree ? misusedMetrics(tree) : [],
);
