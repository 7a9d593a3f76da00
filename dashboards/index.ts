import type { ThresholdValues } from '../telemetry/query/query.ts';
import { finalize } from './finalize.ts';
import type { PanelContext } from './panels/common.ts';
import { serviceOverview } from './service-overview.ts';
import type { DashboardSpec, GeneratedDashboard } from './spec.ts';

export type { GeneratedDashboard } from './spec.ts';

const all: readonly ((context: PanelContext) => DashboardSpec)[] = [serviceOverview];

/**
 * Every dashboard, generated. Pure: the same options give the same bytes.
 * @param options.thresholds values that differ from the contract's defaults, as an environment sets them
 */
export function buildDashboards(
  options: { readonly thresholds?: ThresholdValues } = {},
): readonly GeneratedDashboard[] {
  const context: PanelContext = { thresholds: options.thresholds ?? {} };
  return all.map((dashboard) => finalize(dashboard(context)));
}
