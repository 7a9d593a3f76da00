import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { goModuleFolder } from './go-module.ts';

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

/** What is a definition among objects. */
export const definitionsAmong = (
  objects: readonly { readonly kind: string }[],
): readonly CustomResourceDefinition[] =>
  objects.flatMap((object) => (object.kind === 'CustomResourceDefinition' ? [definition.parse(object)] : []));

/** Dapr's definitions, which a cluster has before ours, from its module; go.sum pins what is in them. */
export async function daprDefinitions(): Promise<readonly CustomResourceDefinition[]> {
  const folder = join(await goModuleFolder('dapr', 'github.com/dapr/dapr'), 'charts/dapr/crds');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => definition.parse(parse(text)));
}
