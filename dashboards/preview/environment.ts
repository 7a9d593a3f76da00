import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { httpUrl, listenVariables, readVariables } from '../../telemetry/environment.ts';

export interface PreviewSettings {
  readonly port: number;
  readonly host: string;
  readonly prometheusUrl: string;
  readonly lokiUrl: string;
  /** Sent to Loki as X-Scope-OrgID. */
  readonly lokiTenant: string;
  /** Directory of rendered dashboards; without it they are generated with the contract's defaults. */
  readonly dashboardsDir?: string;
  /** Shown as a link on the list of dashboards. */
  readonly grafanaUrl?: string;
}

const local = (port: number): string => `http://127.0.0.1:${port}`;

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const urlOr = (standard: string) =>
  ({ ...httpUrl, schema: httpUrl.schema.default(standard).transform(withoutSlash) }) as const;

const variables = {
  ...listenVariables(componentPorts.preview),
  PROMETHEUS_URL: urlOr(local(componentPorts.prometheus)),
  LOKI_URL: urlOr(local(componentPorts.loki)),
  LOKI_TENANT: { schema: z.string().min(1).default(platformTenant), expected: 'a tenant of Loki' },
  DASHBOARDS_DIR: { schema: z.string().optional(), expected: 'a directory' },
  GRAFANA_URL: { ...httpUrl, schema: httpUrl.schema.transform(withoutSlash).optional() },
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
    ...(given.DASHBOARDS_DIR && { dashboardsDir: given.DASHBOARDS_DIR }),
    ...(given.GRAFANA_URL && { grafanaUrl: given.GRAFANA_URL }),
  };
}
