import { z } from 'zod';

/**
 * What Grafana takes in its provisioning files and nothing beside it, so that a misspelt key is found here: Grafana
 * itself ignores one. Sources: grafana.com/docs/grafana/latest/administration/provisioning (data sources, dashboards),
 * …/datasources/{prometheus,loki,tempo,alertmanager}/…/configure (their `jsonData`), …/administration/correlations;
 * and in the repository grafana/grafana `pkg/services/provisioning/{datasources,dashboards}/types.go`,
 * `pkg/services/correlations/models.go`.
 */
const uid = z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/);
const url = z.url({ protocol: /^https?$/ });

const correlation = z.strictObject({
  targetUID: uid,
  type: z.literal('query'),
  label: z.string().min(1),
  description: z.string().min(1),
  config: z.strictObject({
    field: z.string().min(1),
    target: z.record(z.string(), z.unknown()),
    transformations: z
      .array(z.strictObject({ type: z.literal('regex'), expression: z.string(), mapValue: z.string() }))
      .optional(),
  }),
});

const derivedField = z.strictObject({
  name: z.string().min(1),
  matcherType: z.enum(['label', 'regex']),
  matcherRegex: z.string().min(1),
  datasourceUid: uid,
  url: z.string().min(1),
  urlDisplayLabel: z.string().min(1),
});

const exemplarDestination = z.union([
  z.strictObject({ name: z.string(), datasourceUid: uid, urlDisplayLabel: z.string() }),
  z.strictObject({ name: z.string(), url: z.string().startsWith('/'), urlDisplayLabel: z.string() }),
]);

const alerting = { manageAlerts: z.boolean(), alertmanagerUid: uid };
const shift = z.string().regex(/^-?\d+[smh]$/);
const common = {
  uid,
  name: z.string().min(1),
  access: z.literal('proxy'),
  editable: z.literal(false),
  url,
};

const traceLinks = z.strictObject({
  tracesToLogsV2: z.strictObject({
    datasourceUid: uid,
    spanStartTimeShift: shift,
    spanEndTimeShift: shift,
    customQuery: z.literal(true),
    query: z.string(),
  }),
  tracesToMetrics: z.strictObject({
    datasourceUid: uid,
    spanStartTimeShift: shift,
    spanEndTimeShift: shift,
    tags: z.array(z.strictObject({ key: z.string(), value: z.string() })),
    queries: z.array(z.strictObject({ name: z.string(), query: z.string() })),
  }),
});

const datasource = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('prometheus'),
    isDefault: z.literal(true),
    jsonData: z.strictObject({
      httpMethod: z.enum(['GET', 'POST']),
      timeInterval: z.string().regex(/^\d+(ms|s|m)$/),
      prometheusType: z.enum(['Prometheus', 'Cortex', 'Mimir', 'Thanos']),
      ...alerting,
      exemplarTraceIdDestinations: z.array(exemplarDestination),
    }),
    correlations: z.array(correlation),
  }),
  z.strictObject({
    ...common,
    type: z.literal('loki'),
    jsonData: z.strictObject({
      httpHeaderName1: z.literal('X-Scope-OrgID'),
      maxLines: z.number(),
      ...alerting,
      derivedFields: z.array(derivedField),
    }),
    secureJsonData: z.strictObject({ httpHeaderValue1: z.literal('platform') }),
    correlations: z.array(correlation),
  }),
  z.strictObject({
    ...common,
    type: z.literal('alertmanager'),
    jsonData: z.strictObject({
      implementation: z.enum(['prometheus', 'mimir', 'cortex']),
      handleGrafanaManagedAlerts: z.boolean(),
    }),
  }),
  z.strictObject({ ...common, type: z.literal('jaeger'), jsonData: traceLinks }),
  z.strictObject({ ...common, type: z.literal('tempo'), jsonData: traceLinks }),
]);

export const datasourcesFile = z.strictObject({
  apiVersion: z.literal(1),
  prune: z.literal(true),
  datasources: z.array(datasource),
});

export const providersFile = z.strictObject({
  apiVersion: z.literal(1),
  providers: z.array(
    z.strictObject({
      name: z.string(),
      type: z.literal('file'),
      folder: z.string().min(1),
      folderUid: uid,
      disableDeletion: z.boolean(),
      allowUiUpdates: z.boolean(),
      options: z.strictObject({ path: z.string().startsWith('/') }),
    }),
  ),
});

/** Sections and keys of `conf/defaults.ini` that we set. */
export const knownSettings: Readonly<Record<string, readonly string[]>> = {
  server: ['http_addr', 'http_port', 'root_url'],
  paths: ['data', 'logs', 'provisioning'],
  security: [
    'admin_user',
    'admin_password',
    'cookie_secure',
    'strict_transport_security',
    'disable_gravatar',
  ],
  users: ['allow_sign_up', 'allow_org_create', 'auto_assign_org_role'],
  'auth.anonymous': ['enabled'],
  'auth.generic_oauth': [
    'enabled',
    'name',
    'client_id',
    'client_secret',
    'auth_url',
    'token_url',
    'api_url',
    'scopes',
    'allow_sign_up',
    'use_pkce',
    'use_refresh_token',
    'allowed_domains',
    'role_attribute_path',
    'role_attribute_strict',
  ],
  unified_alerting: ['execute_alerts'],
  dashboards: ['default_home_dashboard_path'],
  analytics: ['reporting_enabled', 'check_for_updates', 'check_for_plugin_updates'],
  log: ['mode'],
  'log.console': ['format'],
};

/** As go-ini reads it: comments at `#` and `;` outside of triple quotes. */
export function parseIni(text: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const sections: Record<string, Record<string, string>> = {};
  let section = '';
  for (const line of text.split('\n')) {
    const header = /^\[(.+)\]$/.exec(line)?.[1];
    const [, key, value = ''] = /^(\w+) = (.*)$/.exec(line) ?? [];
    if (header) section = header;
    else if (key) sections[section] = { ...sections[section], [key]: unquoted(value) };
    else if (line !== '') throw new Error(`no line of an ini file: ${line}`);
  }
  return sections;
}

const unquoted = (value: string): string =>
  /^"""(.*)"""$/.exec(value)?.[1] ?? value.replace(/\s*[#;].*$/, '');

/** What is left of a text of a provisioning file when Grafana has filled in its environment, which has no variables. */
export const afterExpansion = (text: string): string =>
  text.replace(/\$\$|\$\{?\w+\}?/g, (found) => (found === '$$' ? '$' : ''));
