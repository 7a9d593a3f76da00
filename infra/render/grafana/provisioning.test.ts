import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { savedQueryById } from '../../../dashboards/queries/index.ts';
import { expressionOf } from '../../../dashboards/queries/saved-query.ts';
import { dashboardFolders, dashboards, datasources, traceSource } from '../../../telemetry/contract/links.ts';
import { checkLogql } from '../../../telemetry/query/check-logql.ts';
import { checkPromql } from '../../../telemetry/query/check-promql.ts';
import { type EnvironmentName, environmentNames } from '../../config/names.ts';
import { containerRoot } from '../../docker/container.ts';
import { environmentFiles, environmentStack } from '../../environment.ts';
import type { EnvironmentStack } from '../../stack.ts';
import { componentUrls } from '../component-urls.ts';
import { grafanaPaths, renderGrafana } from './provisioning.ts';
import { afterExpansion, datasourcesFile, knownSettings, parseIni, providersFile } from './testing.ts';

const root = '/srv/sightline';
/** A container's files are where its image has a place for them. */
const rootOf = (name: EnvironmentName): string => (name === 'docker' ? containerRoot : root);
const provisioning = `${grafanaPaths.provisioning}`;
const oidc = {
  name: 'Example',
  clientId: 'grafana',
  authUrl: 'https://id.example.com/authorize',
  tokenUrl: 'https://id.example.com/token',
  userinfoUrl: 'https://id.example.com/userinfo',
  scopes: 'openid profile email groups',
  allowedDomains: ['example.com', 'example.org'],
  rolePath: "contains(groups[*], 'sre;#') && 'Admin' || 'Viewer'",
};

type Files = ReadonlyMap<string, string>;
const fileOf = (files: Files, path: string): string => {
  const text = files.get(path);
  if (text === undefined) throw new Error(`${path} is not rendered`);
  return text;
};
/** As Grafana has them after it has filled in variables of its environment. */
const datasourcesOf = (files: Files) => {
  const raw: unknown = parse(fileOf(files, `${provisioning}/datasources/sightline.yaml`));
  const expanded: unknown = JSON.parse(
    JSON.stringify(raw, (_, value: unknown) => (typeof value === 'string' ? afterExpansion(value) : value)),
  );
  return datasourcesFile.parse(expanded).datasources;
};
const settingsOf = (files: Files) => parseIni(fileOf(files, grafanaPaths.settings));

const rendered = (name: Exclude<EnvironmentName, 'local'>, config: Partial<EnvironmentStack['config']>) => {
  const stack = environmentStack(name);
  return renderGrafana(
    { ...stack, config: { ...stack.config, ...config } },
    {
      root,
      sources: componentUrls(name, stack.config),
      server: { rootUrl: stack.urls.dashboards, port: 3000 },
    },
  );
};
const withTraces = rendered('prod', {
  traceStore: { type: 'tempo', url: 'http://tempo.monitoring.svc:3200' },
});

/** Every text of a value, with its keys. */
function texts(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe.each(environmentNames)('Grafana of %s', (name) => {
  it('is given files of the documented shape, each of them', async () => {
    const files = await environmentFiles(name, root);
    expect(datasourcesOf(files).map(({ uid }) => uid)).toEqual([
      ...Object.values(datasources).map(({ uid }) => uid),
      // Of the environments only dev has a store of traces.
      ...(name === 'dev' ? [traceSource.uid] : []),
    ]);
    providersFile.parse(parse(fileOf(files, `${provisioning}/dashboards/sightline.yaml`)));
    for (const [section, keys] of Object.entries(settingsOf(files)))
      expect(knownSettings[section] ?? [], section).toEqual(expect.arrayContaining(Object.keys(keys)));
  });

  it('lets nobody in unknown, and has its password in a file', async () => {
    const settings = settingsOf(await environmentFiles(name, root));
    expect(settings['auth.anonymous']).toEqual({ enabled: 'false' });
    expect(settings.users?.allow_sign_up).toBe('false');
    expect(settings.security?.admin_password).toBe(`$__file{${rootOf(name)}/secrets/GRAFANA_ADMIN_PASSWORD}`);
    expect(settings.security?.cookie_secure).toBe(String(settings.server?.root_url?.startsWith('https:')));
  });

  it('has every dashboard in its folder, and opens with Home', async () => {
    const files = await environmentFiles(name, root);
    const { providers } = providersFile.parse(
      parse(fileOf(files, `${provisioning}/dashboards/sightline.yaml`)),
    );
    expect(Object.fromEntries(providers.map(({ folderUid, folder }) => [folderUid, folder]))).toEqual(
      dashboardFolders,
    );
    const found = providers.flatMap(({ folderUid, options }) =>
      [...files.keys()]
        .filter((path) => `${rootOf(name)}/${path}`.startsWith(`${options.path}/`))
        .map((path) => [/([\w-]+)\.json$/.exec(path)?.[1] ?? path, folderUid]),
    );
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(dashboards).map(([uid, { folder }]) => [uid, folder])),
    );
    expect(found).toHaveLength(Object.keys(dashboards).length);
    const home = settingsOf(files).dashboards?.default_home_dashboard_path ?? '';
    expect(JSON.parse(fileOf(files, home.replace(`${rootOf(name)}/`, '')))).toMatchObject({ uid: 'home' });
  });
});

describe('links between data sources', () => {
  it.each([
    ['without a trace store', rendered('prod', {})],
    ['with one', withTraces],
  ])('%s lead to data sources that are there, and ask what they understand', (_, files) => {
    const all = datasourcesOf(files);
    const kindOf = new Map<string, string>(all.map(({ uid, type }) => [uid, type]));
    const named = texts(all).filter(([path]) => /(datasourceUid|targetUID|alertmanagerUid)$/.test(path));
    expect(named.length).toBeGreaterThan(5);
    for (const [path, uid] of named) expect([...kindOf.keys()], path).toContain(uid);

    const loki = all.find(({ type }) => type === 'loki');
    const prometheus = all.find(({ type }) => type === 'prometheus');
    if (loki?.type !== 'loki' || prometheus?.type !== 'prometheus') throw new Error('both are there');
    const asked = [
      ...loki.jsonData.derivedFields.map(({ datasourceUid, url }) => [datasourceUid, url] as const),
      ...[...loki.correlations, ...prometheus.correlations].map(
        ({ targetUID, config }) => [targetUID, String(config.target.expr)] as const,
      ),
    ];
    for (const [uid, expr] of asked) {
      const text = expr.replace(/\$\{__value\.raw\}|\$\w+/g, 'x');
      const part = { kind: 'text', text } as const;
      if (kindOf.get(uid) === 'loki') expect(checkLogql({ language: 'logql', parts: [part] })).toEqual([]);
      if (kindOf.get(uid) === 'prometheus')
        expect(checkPromql({ language: 'promql', parts: [part] })).toEqual([]);
    }
  });

  it('lead from a line to its request, its trace and its metrics, and from a point to its trace', () => {
    const pointsTo = (files: Files) => {
      const all = datasourcesOf(files);
      const loki = all.find(({ type }) => type === 'loki');
      const prometheus = all.find(({ type }) => type === 'prometheus');
      if (loki?.type !== 'loki' || prometheus?.type !== 'prometheus') throw new Error('both are there');
      return {
        fields: loki.jsonData.derivedFields.map((field) => [field.matcherRegex, field.datasourceUid]),
        exemplars: prometheus.jsonData.exemplarTraceIdDestinations,
      };
    };
    expect(pointsTo(withTraces)).toEqual({
      fields: [
        ['trace_id', 'traces'],
        ['request_id', 'loki'],
        ['service', 'prometheus'],
      ],
      exemplars: [{ name: 'trace_id', datasourceUid: 'traces', urlDisplayLabel: 'Trace' }],
    });
    const [exemplar] = pointsTo(rendered('prod', {})).exemplars;
    const url = exemplar && 'url' in exemplar ? exemplar.url : '';
    const traceId = 'ab'.repeat(16);
    const panes = new URL(url.replace('${__value.raw}', traceId), 'https://x').searchParams.get('panes');
    expect(JSON.parse(panes ?? '').a1b.queries[0].expr).toBe(
      expressionOf(savedQueryById('trace'), { trace_id: traceId }),
    );
  });

  it('lead from a span to its lines and metrics', () => {
    const traces = datasourcesOf(withTraces).find(({ uid }) => uid === 'traces');
    expect(traces).toMatchObject({ type: 'tempo', url: 'http://tempo.monitoring.svc:3200' });
    expect(JSON.stringify(traces)).toContain('trace_id = \\"${__trace.traceId}\\"');
    expect(JSON.stringify(traces)).toContain('count{$__tags, http_route');
  });
});

describe('sign-on', () => {
  it('is as it was configured, with the secret in a file', () => {
    const settings = settingsOf(rendered('prod', { grafana: { oidc } }));
    expect(settings['auth.generic_oauth']).toEqual({
      enabled: 'true',
      name: oidc.name,
      client_id: oidc.clientId,
      client_secret: `$__file{${root}/secrets/GRAFANA_OIDC_CLIENT_SECRET}`,
      auth_url: oidc.authUrl,
      token_url: oidc.tokenUrl,
      api_url: oidc.userinfoUrl,
      scopes: oidc.scopes,
      allow_sign_up: 'true',
      use_pkce: 'true',
      use_refresh_token: 'true',
      allowed_domains: 'example.com example.org',
      role_attribute_path: oidc.rolePath,
      role_attribute_strict: 'true',
    });
    for (const key of Object.keys(settings['auth.generic_oauth'] ?? {}))
      expect(knownSettings['auth.generic_oauth']).toContain(key);
  });

  it('is not there where it is not configured', () => {
    expect(settingsOf(rendered('prod', {}))).not.toHaveProperty(['auth.generic_oauth']);
  });
});

it('a shape that Grafana does not know would be seen', () => {
  const [first, ...others] = datasourcesOf(withTraces);
  const file = (changed: object) => ({ apiVersion: 1, prune: true, datasources: [changed, ...others] });
  expect(datasourcesFile.safeParse(file({ ...first })).success).toBe(true);
  expect(datasourcesFile.safeParse(file({ ...first, isDefualt: true })).success).toBe(false);
  expect(afterExpansion('rate(x{a="$service"}[5m])')).not.toContain('service');
});
