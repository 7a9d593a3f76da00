import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from './cluster-context.ts';
import type { KubernetesObject } from './object.ts';
import { clusterSystems } from './systems.ts';

const found = (objects: readonly KubernetesObject[], kind: string, name: string): string =>
  JSON.stringify(objects.find((each) => each.kind === kind && each.metadata.name === name) ?? {});

describe.each(clusterEnvironments)('what %s says to others', (environment) => {
  const context = clusterContext(environment);
  const objects = clusterSystems(context).flatMap((system) => system.objects);
  const text = (kind: string, name: string): string => found(objects, kind, name);

  it('is told by Loki to every Alertmanager, by the name of the port that the operator gives it', () => {
    const alertmanager = z
      .looseObject({
        spec: z.looseObject({ portName: z.string() }),
        metadata: z.looseObject({ namespace: z.string() }),
      })
      .parse(JSON.parse(text('Alertmanager', 'alertmanager')));
    const service = `_${alertmanager.spec.portName}._tcp.alertmanager-operated.${alertmanager.metadata.namespace}.svc`;
    expect(text('ConfigMap', 'loki')).toContain(`alertmanager_url: http://${service}`);
    expect(text('ConfigMap', 'loki')).toContain('enable_alertmanager_discovery: true');
  });

  it('is told to Grafana’s database only when its host is the one that its certificate names', () => {
    const deployment = text('Deployment', 'grafana');
    expect(deployment).not.toMatch(/"GF_DATABASE_SSL_MODE","value":"(?!verify-full")/);
    expect(deployment.includes('verify-full')).toBe(context.kubernetes.grafana.database !== undefined);
  });

  it('is encrypted by Grafana with a key of our own, the same in every instance', () => {
    expect(text('Deployment', 'grafana')).toContain(
      '"GF_SECURITY_SECRET_KEY__FILE","value":"/etc/sightline/secrets/GRAFANA_SECRET_KEY"',
    );
    expect(text('Secret', 'grafana')).toContain('{"secretRef":"GRAFANA_SECRET_KEY"}');
  });

  it('goes by cookies that only TLS carries, and no alert is evaluated twice', () => {
    const settings = text('ConfigMap', 'grafana-config');
    expect(settings).toContain('cookie_secure = true');
    expect(settings).toContain('[unified_alerting]\\nexecute_alerts = false');
  });
});

describe('Grafana’s database', () => {
  it('is held against the authority that the environment names', () => {
    const context = clusterContext('prod');
    const { grafana } = context.kubernetes;
    if (!grafana.database) throw new Error('prod has a database');
    const ca = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
    const objects = clusterSystems({
      ...context,
      kubernetes: { ...context.kubernetes, grafana: { ...grafana, database: { ...grafana.database, ca } } },
    }).flatMap((system) => system.objects);
    const [, path = ''] =
      /"GF_DATABASE_CA_CERT_PATH","value":"([^"]+)"/.exec(found(objects, 'Deployment', 'grafana')) ?? [];
    expect(path).toBe('/etc/sightline/config/grafana/database-ca.crt');
    expect(found(objects, 'ConfigMap', 'grafana-config')).toContain(JSON.stringify(ca));
    expect(found(objects, 'Deployment', 'grafana')).toContain('"path":"database-ca.crt"');
  });
});
