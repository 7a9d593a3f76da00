import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkWithTools } from '../../infra/check/tools.ts';
import { clusterEnvironments } from '../../infra/config/names.ts';
import { clusterContext } from '../../infra/kubernetes/cluster-context.ts';
import type { ClusterContext } from '../../infra/kubernetes/context.ts';
import type { KubernetesObject } from '../../infra/kubernetes/object.ts';
import { clusterSystems } from '../../infra/kubernetes/systems.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import { writeFileAtomically } from '../../telemetry/atomic-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubernetes-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the containers of an environment would read, by where the checks look for it. */
function configurationOf(context: ClusterContext, templates: string): ReadonlyMap<string, string> {
  const objects = clusterSystems(context).flatMap((system) => system.objects);
  const text = (kind: KubernetesObject['kind'], key: string): string => {
    const found = objects.flatMap((object) => {
      if (object.kind !== kind) return [];
      const data =
        object.kind === 'Secret' ? object.stringData : object.kind === 'ConfigMap' ? object.data : {};
      const value = data?.[key];
      return typeof value === 'string' ? [value] : [];
    });
    expect(found, key).toHaveLength(1);
    return found.join();
  };
  const groups = objects.flatMap((object) => (object.kind === 'PrometheusRule' ? [object.spec.groups] : []));
  return new Map([
    ['config/rules/sightline.yml', toYaml({ groups: groups.flat() })],
    [
      'config/alertmanager.yml',
      text('Secret', 'alertmanager.yaml').replace(/\S+\/alertmanager-templates/, templates),
    ],
    ['config/templates/sightline.tmpl', text('ConfigMap', 'sightline.tmpl')],
    ['config/loki.yaml', text('ConfigMap', 'loki.yaml')],
    ['config/promtail.yaml', text('ConfigMap', 'promtail.yaml')],
  ]);
}

describe.each(clusterEnvironments)('what containers of %s read', (environment) => {
  const problems = async (change: (path: string, text: string) => string) => {
    const dir = mkdtempSync(join(folder, `${environment}-`));
    const files = configurationOf(clusterContext(environment), join(dir, 'config/templates'));
    for (const [path, text] of files) writeFileAtomically(join(dir, path), change(path, text));
    const rendered = { name: environment, dir, files: new Set(files.keys()) };
    return (await checkWithTools([rendered], () => undefined)).get(environment);
  };

  it('is taken by the real promtool, amtool, Loki and Promtail', async () => {
    expect(await problems((_, text) => text)).toEqual([]);
  });

  it('is read by each of them: a mistake in any is told', async () => {
    const told = await problems((path, text) => (path.endsWith('.tmpl') ? text : `${text}\nmistake: true\n`));
    expect(told?.map(({ where }) => where).sort()).toEqual([
      'config/alertmanager.yml',
      'config/loki.yaml',
      'config/promtail.yaml',
      'config/rules/sightline.yml',
    ]);
  });
});

it('Promtail takes what it is told of a Loki that the cluster has', async () => {
  const context = clusterContext('prod');
  const existing = { loki: { url: 'https://logs.example.com', tenant: 'tasks', user: 'writer' } };
  const maps = clusterSystems({ ...context, kubernetes: { ...context.kubernetes, existing } })
    .flatMap((system) => system.objects)
    .flatMap((object) => (object.kind === 'ConfigMap' ? [object.data?.['promtail.yaml'] ?? ''] : []));
  const [config = ''] = maps.filter((text) => text.includes('password_file'));
  const path = 'config/promtail.yaml';
  const told = async (text: string) => {
    const dir = mkdtempSync(join(folder, 'existing-'));
    writeFileAtomically(join(dir, path), text);
    return (await checkWithTools([{ name: 'prod', dir, files: new Set([path]) }], () => undefined)).get(
      'prod',
    );
  };
  expect(await told(config)).toEqual([]);
  expect(await told(config.replace('password_file', 'pasword_file'))).toHaveLength(1);
});
