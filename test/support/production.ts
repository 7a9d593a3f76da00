import { type EnvironmentConfig, readEnvironment } from '../../infra/config.ts';
import { buildEnvironment, type EnvironmentStack } from '../../infra/stack.ts';

/** Production with a change to its file. */
export function productionWith(change: (config: EnvironmentConfig) => EnvironmentConfig): EnvironmentStack {
  const config = change(readEnvironment('prod'));
  if (!config.urls) throw new TypeError('production has no addresses');
  return buildEnvironment({ config, urls: config.urls });
}
