import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { type ThresholdName, thresholds } from '../../telemetry/contract/thresholds.ts';
import { httpUrl, listenVariables, readVariables } from '../../telemetry/environment.ts';
import type { ThresholdValues } from '../../telemetry/query/query.ts';

/** What dashboards are generated with. */
export interface DashboardOptions {
  readonly thresholds?: ThresholdValues;
  /** Address of a runbook, `{id}` in place of its name. */
  readonly runbooks?: string;
}

export interface PreviewSettings {
  readonly port: number;
  readonly host: string;
  readonly prometheusUrl: string;
  readonly lokiUrl: string;
  /** Sent to Loki as X-Scope-OrgID. */
  readonly lokiTenant: string;
  readonly alertmanagerUrl: string;
  /** Directory of rendered dashboards; without it they are generated from their sources. */
  readonly dashboardsDir?: string;
  readonly dashboardOptions: DashboardOptions;
  /** Linked to where it answers. */
  readonly grafanaUrl?: string;
  /** Address of a trace, `{trace_id}` in place of its id; without it, exemplars lead to the trace's log lines. */
  readonly traceUrl?: string;
}

const local = (port: number): string => `http://127.0.0.1:${port}`;

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const urlOr = (standard: string) =>
  ({ ...httpUrl, schema: httpUrl.schema.default(standard).transform(withoutSlash) }) as const;

/** Braces are no part of a URL until they are filled in. */
const urlWith = (placeholder: string) =>
  ({
    schema: z
      .string()
      .refine((text) => text.includes(placeholder) && URL.canParse(text) && /^https?:/.test(text))
      .optional(),
    expected: `an http or https URL with ${placeholder} in it`,
  }) as const;

const isThreshold = (name: string): name is ThresholdName => Object.hasOwn(thresholds, name);

const thresholdValues = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.partialRecord(z.enum(Object.keys(thresholds).filter(isThreshold)), z.number()))
  .optional();

const variables = {
  ...listenVariables(componentPorts.preview),
  PROMETHEUS_URL: urlOr(local(componentPorts.prometheus)),
  LOKI_URL: urlOr(local(componentPorts.loki)),
  LOKI_TENANT: { schema: z.string().min(1).default(platformTenant), expected: 'a tenant of Loki' },
  ALERTMANAGER_URL: urlOr(local(componentPorts.alertmanager)),
  DASHBOARDS_DIR: { schema: z.string().optional(), expected: 'a directory' },
  DASHBOARD_THRESHOLDS: {
    schema: thresholdValues,
    expected: 'values of thresholds by their names, as a JSON object',
  },
  RUNBOOKS_URL: urlWith('{id}'),
  GRAFANA_URL: { ...httpUrl, schema: httpUrl.schema.transform(withoutSlash).optional() },
  TRACE_URL: urlWith('{trace_id}'),
} as const;

/** @throws SightlineError SL1611 when one of the variables cannot be understood */
export function settingsFrom(env: NodeJS.ProcessEnv): PreviewSettings {
  const given = readVariables(variables, env, { name: 'the preview', code: 'SL1611' });
  return {
    port: given.PORT,
    host: given.HOST,
    prometheusUrl: given.PROMETHEUS_URL,
    lokiUrl: given.LOKI_URL,
    lokiTenant: given.LOKI_TENANT,
    alertmanagerUrl: given.ALERTMANAGER_URL,
    ...(given.DASHBOARDS_DIR && { dashboardsDir: given.DASHBOARDS_DIR }),
    dashboardOptions: {
      ...(given.DASHBOARD_THRESHOLDS && { thresholds: given.DASHBOARD_THRESHOLDS }),
      ...(given.RUNBOOKS_URL && { runbooks: given.RUNBOOKS_URL }),
    },
    ...(given.GRAFANA_URL && { grafanaUrl: given.GRAFANA_URL }),
    ...(given.TRACE_URL && { traceUrl: given.TRACE_URL }),
  };
}
