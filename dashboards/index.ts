import { serviceNames } from '../telemetry/contract/services.ts';
import type { ThresholdValues } from '../telemetry/query/query.ts';
import { alerts } from './alerts.ts';
import { dapr } from './dapr.ts';
import { eventProcessing } from './event-processing.ts';
import { finalize } from './finalize.ts';
import { home } from './home.ts';
import { hosts } from './hosts.ts';
import { kafka } from './kafka.ts';
import { kubernetes } from './kubernetes.ts';
import { logPipeline } from './log-pipeline.ts';
import { logs } from './logs.ts';
import type { PanelContext } from './panels/common.ts';
import { queryLibrary } from './query-library.ts';
import { serviceDashboard } from './service.ts';
import { serviceOverview } from './service-overview.ts';
import { slos } from './slos.ts';
import type { DashboardSpec, GeneratedDashboard } from './spec.ts';
import { stack } from './stack.ts';
import { taskWork } from './task-work.ts';
import { websocket } from './websocket.ts';

export type { GeneratedDashboard } from './spec.ts';

const all: readonly ((context: PanelContext) => DashboardSpec)[] = [
  serviceOverview,
  home,
  eventProcessing,
  websocket,
  taskWork,
  slos,
  alerts,
  logs,
  dapr,
  kafka,
  logPipeline,
  kubernetes,
  hosts,
  stack,
  queryLibrary,
  ...serviceNames.map(serviceDashboard),
];

/**
 * Every dashboard, generated. Pure: the same options give the same bytes.
 * @param options.thresholds values that differ from the contract's defaults, as an environment sets them
 * @param options.runbooks address of a runbook, `{id}` in place of its name; without it no panel links to one
 */
export function buildDashboards(
  options: { readonly thresholds?: ThresholdValues; readonly runbooks?: string } = {},
): readonly GeneratedDashboard[] {
  const context: PanelContext = { ...options, thresholds: options.thresholds ?? {} };
  return all.map((dashboard) => finalize(dashboard(context)));
}
