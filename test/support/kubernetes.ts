import { isDeepStrictEqual } from 'node:util';
import PQueue from 'p-queue';
import { z } from 'zod';
import type { Applied, KubernetesApi } from '../../infra/catalogue/verifiers/kubernetes-api.ts';
import type { Workbench } from '../../infra/catalogue/workbench.ts';
import type { KubernetesObject } from '../../infra/kubernetes/object.ts';
import type { CustomResourceDefinition } from './custom-resources.ts';

interface AnyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** A real API server as tests use it: it finds out by itself where objects of a kind are. */
export class Cluster {
  readonly #api: KubernetesApi;
  readonly #kinds = new Map<string, Promise<z.infer<typeof resourceList>>>();

  constructor(api: KubernetesApi) {
    this.#api = api;
  }

  async apply(object: AnyObject): Promise<Applied> {
    return this.#api.apply(await this.pathOf(object), object);
  }

  async get(object: AnyObject): Promise<unknown> {
    return JSON.parse(await this.#api.get(await this.pathOf(object)));
  }

  async list(path: string): Promise<readonly unknown[]> {
    return z.object({ items: z.array(z.unknown()) }).parse(JSON.parse(await this.#api.get(path))).items;
  }

  async pathOf({ apiVersion, kind, metadata }: AnyObject): Promise<string> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    let asked = this.#kinds.get(root);
    if (!asked) {
      asked = this.#api.get(root).then((text) => resourceList.parse(JSON.parse(text)));
      this.#kinds.set(root, asked);
    }
    const resource = (await asked).resources.find((each) => each.kind === kind && !each.name.includes('/'));
    if (!resource) throw new Error(`the API server has no ${kind} in ${apiVersion}`);
    const place = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${root}${place}/${resource.name}/${metadata.name}`;
  }
}

/** Waits until objects of the definitions' kinds are taken. */
export async function served(
  bench: Workbench,
  api: KubernetesApi,
  definitions: readonly CustomResourceDefinition[],
): Promise<void> {
  for (const { spec, metadata } of definitions)
    for (const version of spec.versions.filter((each) => each.served))
      await bench.until(`${metadata.name} in ${version.name}`, async () => {
        const { resources } = resourceList.parse(
          JSON.parse(await api.get(`/apis/${spec.group}/${version.name}`)),
        );
        return resources.some(({ kind }) => kind === spec.names.kind) || undefined;
      });
}

/** A few at a time, in order of their answers' requests. */
export async function eachOf<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<readonly R[]> {
  const queue = new PQueue({ concurrency: 8 });
  return Promise.all(all.map((each) => queue.add(() => work(each))));
}

/** The object as it is sent, a text in place of every secret. */
export function withoutRefs(object: KubernetesObject): AnyObject {
  if (object.kind !== 'Secret') return object;
  const values = Object.entries(object.stringData).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : `value-of-${value.secretRef}`,
  ]);
  const sent = { ...object, stringData: Object.fromEntries(values) };
  return sent;
}

const stored = z.looseObject({ metadata: z.looseObject({ generation: z.number().optional() }) });

/** Whether applying changed anything but what controllers say of the object, or when. */
export function isSame(before: unknown, after: unknown): boolean {
  const [a, b] = [before, after].map((each) => {
    const { status: _status, metadata, ...rest } = stored.parse(each);
    const { resourceVersion: _version, managedFields: _fields, ...kept } = metadata;
    return { ...rest, metadata: kept };
  });
  return isDeepStrictEqual(a, b);
}
