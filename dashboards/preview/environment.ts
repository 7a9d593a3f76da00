import { componentPorts } from '../../telemetry/contract/ports.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';

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

type Environment = Readonly<Record<string, string | undefined>>;

const local = (port: number): string => `http://127.0.0.1:${port}`;

/**
 * Settings of the preview from PORT, HOST, PROMETHEUS_URL, LOKI_URL, LOKI_TENANT, DASHBOARDS_DIR and GRAFANA_URL.
 * @throws SightlineError SL1611 when one of them cannot be understood
 */
export function settingsFrom(environment: Environment): PreviewSettings {
  const dashboardsDir = environment.DASHBOARDS_DIR;
  const grafanaUrl = environment.GRAFANA_URL;
  return {
    port: portOf(environment.PORT ?? String(componentPorts.preview)),
    host: environment.HOST || '127.0.0.1',
    prometheusUrl: urlOf('PROMETHEUS_URL', environment.PROMETHEUS_URL || local(componentPorts.prometheus)),
    lokiUrl: urlOf('LOKI_URL', environment.LOKI_URL || local(componentPorts.loki)),
    lokiTenant: environment.LOKI_TENANT || platformTenant,
    ...(dashboardsDir && { dashboardsDir }),
    ...(grafanaUrl && { grafanaUrl: urlOf('GRAFANA_URL', grafanaUrl) }),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new SightlineError('SL1611', {
    what: `“${text}” is not a port`,
    where: 'PORT',
    fix: `set a number from 0 (any free port) to 65535, or leave it out for ${componentPorts.preview}`,
  });
}

/** Without a slash at the end. */
function urlOf(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol)) return text.replace(/\/+$/, '');
  throw new SightlineError('SL1611', {
    what: `“${text}” is not an http(s) URL`,
    where: name,
    fix: `set ${name} to a URL such as http://127.0.0.1:9090`,
  });
}
