import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { repositoryRoot } from '../../infra/repository.ts';

/** Go modules that hold custom resource definitions, with the folder that they are in; go.sum pins what is in them. */
const modules = [
  {
    folder: 'prometheus-operator',
    path: 'github.com/prometheus-operator/prometheus-operator',
    definitions: 'example/prometheus-operator-crd',
  },
  { folder: 'dapr', path: 'github.com/dapr/dapr', definitions: 'charts/dapr/crds' },
] as const;

const downloaded = z.object({ Dir: z.string() });
const definition = z.looseObject({
  apiVersion: z.string(),
  kind: z.literal('CustomResourceDefinition'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(z.looseObject({ name: z.string(), served: z.boolean() })),
  }),
});

export type CustomResourceDefinition = z.infer<typeof definition>;

/** The definitions of what a cluster has beside Kubernetes' own, from their projects' modules. */
export async function customResourceDefinitions(): Promise<readonly CustomResourceDefinition[]> {
  const found = await Promise.all(
    modules.map(async (module) => {
      const folder = join(await moduleFolder(module.folder, module.path), module.definitions);
      const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
      return Promise.all(
        files.map(async (name) => definition.parse(parse(await readFile(join(folder, name), 'utf8')))),
      );
    }),
  );
  return found.flat();
}

/** Where Go keeps the version that go.mod asks for, once its sum is the one in go.sum. */
async function moduleFolder(folder: string, path: string): Promise<string> {
  const cwd = join(repositoryRoot, 'infra/local/toolchain/go', folder);
  const version = new RegExp(`${path} (v\\S+)`).exec(await readFile(join(cwd, 'go.mod'), 'utf8'))?.[1];
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', `${path}@${version}`], {
    cwd,
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly' },
    timeout: 300_000,
  });
  return downloaded.parse(JSON.parse(stdout)).Dir;
}
