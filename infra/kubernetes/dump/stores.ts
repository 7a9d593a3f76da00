import { storeNames } from '../../config/loki.ts';
import { readEnvironment } from '../../config.ts';
import { onStore } from '../../loki/example-stores.ts';
import { buildEnvironment } from '../../stack.ts';
import type { ClusterContext } from '../context.ts';
import { loki } from '../systems/loki.ts';
import type { Declared } from './declared.ts';
import { goldenOfDump } from './golden.ts';

const environment = 'prod';

/** Golden files of production's Loki on every store, by path below `test/golden/kubernetes`. */
export async function goldensOfStores(): Promise<ReadonlyMap<string, string>> {
  const declared = storeNames.flatMap((store): readonly Declared[] => {
    const system = `loki-on-${store}`;
    return [
      { type: `Loki of ${environment}, if it were on ${store}`, name: system, custom: false, inputs: {} },
      ...loki(productionOn(store)).objects.map((object) => ({
        type: object.kind,
        name: [system, object.kind.toLowerCase(), object.metadata.name].join('-'),
        custom: true,
        inputs: { ...object },
      })),
    ];
  });
  const files = await goldenOfDump(environment, declared);
  return new Map([...files].filter(([path]) => path.includes('/loki-on-')));
}

function productionOn(store: (typeof storeNames)[number]): ClusterContext {
  const config = onStore(readEnvironment(environment), store);
  const { urls, kubernetes } = config;
  // The schema asks for both.
  if (!urls || !kubernetes) throw new TypeError(`${environment} has no addresses or no cluster`);
  return { environment, stack: buildEnvironment({ config, urls }), kubernetes };
}
