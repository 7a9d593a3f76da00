import type { ClusterEnvironment } from '../config/names.ts';
import { readEnvironment } from '../config.ts';
import { buildEnvironment } from '../stack.ts';
import type { ClusterContext } from './context.ts';

/**
 * An environment of the repository as its cluster has it.
 * @throws SightlineError SL11xx when its file is wrong
 */
export function clusterContext(name: ClusterEnvironment): ClusterContext {
  const config = readEnvironment(name);
  const { urls, kubernetes } = config;
  // The schema asks for both in every environment of this type.
  if (!urls || !kubernetes)
    throw new TypeError(`infra/environments/${name}.yaml has no addresses or no cluster`);
  return { environment: name, stack: buildEnvironment({ config, urls }), kubernetes };
}
