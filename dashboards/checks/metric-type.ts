import { misusedMetrics } from '../../telemetry/query/metric-use.ts';
import { type Asked, type Finding, treeOf } from './asked.ts';

/** Functions for counters on gauges and the other way round, and counters that are read as they are. */
export const metricTypeFindings = (asked: readonly Asked[]): readonly Finding[] =>
  asked.flatMap((query) => {
    const tree = query.language === 'promql' ? treeOf(query) : undefined;
    return (tree ? misusedMetrics(tree) : []).map((misuse) => ({ ...misuse, where: query.where }));
  });
