import type { SecretName } from '../../../telemetry/contract/secrets.ts';
import type { EnvironmentConfig } from '../../config.ts';

/** Where Grafana listens, and what people type to reach it. */
export interface GrafanaServer {
  /** Where people reach it: links in mails and the way back from a sign-on start with it. */
  readonly rootUrl: string;
  readonly host?: string;
  readonly port: number;
  /** Folders of the target; Grafana's own where they are left out. */
  readonly data?: string;
  readonly logs?: string;
}

interface SettingsOptions extends GrafanaServer {
  readonly provisioning: string;
  readonly homeDashboard: string;
  /** Path of the file that holds a secret. */
  readonly secretFile: (name: SecretName) => string;
}

type Section = Readonly<Record<string, string | number | boolean | undefined>>;

/** `grafana.ini`. It holds no secret, only the paths of files that do. */
export function renderSettings(config: EnvironmentConfig, options: SettingsOptions): string {
  const fromFile = (name: SecretName): string => `$__file{${options.secretFile(name)}}`;
  const isEncrypted = options.rootUrl.startsWith('https:');
  const oidc = config.grafana?.oidc;
  const sections: Readonly<Record<string, Section>> = {
    server: { http_addr: options.host, http_port: options.port, root_url: `${options.rootUrl}/` },
    paths: { data: options.data, logs: options.logs, provisioning: options.provisioning },
    security: {
      admin_user: 'admin',
      admin_password: fromFile('GRAFANA_ADMIN_PASSWORD'),
      cookie_secure: isEncrypted,
      strict_transport_security: isEncrypted,
      disable_gravatar: true,
    },
    users: { allow_sign_up: false, allow_org_create: false, auto_assign_org_role: 'Viewer' },
    'auth.anonymous': { enabled: false },
    ...(oidc && {
      'auth.generic_oauth': {
        enabled: true,
        name: oidc.name,
        client_id: oidc.clientId,
        client_secret: fromFile('GRAFANA_OIDC_CLIENT_SECRET'),
        auth_url: oidc.authUrl,
        token_url: oidc.tokenUrl,
        api_url: oidc.userinfoUrl,
        scopes: oidc.scopes,
        allow_sign_up: true,
        use_pkce: true,
        use_refresh_token: true,
        allowed_domains: oidc.allowedDomains?.join(' '),
        role_attribute_path: oidc.rolePath,
        // Without a role nobody comes in, where roles are asked for.
        role_attribute_strict: oidc.rolePath === undefined ? undefined : true,
      },
    }),
    // Prometheus and Loki evaluate all rules; Grafana only shows them.
    unified_alerting: { execute_alerts: false },
    dashboards: { default_home_dashboard_path: options.homeDashboard },
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
    log: { mode: 'console' },
    'log.console': { format: 'json' },
  };
  return Object.entries(sections)
    .map(([name, keys]) => `[${name}]\n${lines(keys)}`)
    .join('\n');
}

const lines = (section: Section): string =>
  Object.entries(section)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${quoted(String(value))}\n`]))
    .join('');

/** `#` and `;` begin a comment anywhere but in quotes of this kind. */
const quoted = (value: string): string => (/[#;"'`]/.test(value) ? `"""${value}"""` : value);
