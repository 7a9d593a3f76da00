/**
 * A process of its own that generates one kind of file and writes it to stdout, so that `npm run bench` can time it as
 * a whole beside another generator: `node cli/benchmarks/generate.ts rules|dashboards [environment]…`. Dashboards
 * without an environment have the contract's thresholds, and no runbooks.
 */
import type { EnvironmentConfig } from '../../infra/config.ts';

const today = '2026-11-01';

const generators: Readonly<Record<string, (environments: readonly string[]) => Promise<string>>> = {
  rules: async (environments) => {
    const configs = await read(environments);
    const { rulesInForce } = await import('../../infra/rules-in-force.ts');
    const { renderLogRules, renderRules } = await import('../../infra/render/rules.ts');
    return configs
      .map((config) => {
        const { thresholds, rules, logRules, recordings } = rulesInForce(config, today);
        const { cluster, environment } = config;
        const options = { thresholds, timeScale: 1, cluster, environment, baseUrls: addressesOf(config) };
        return `---\n${renderRules(rules, options, recordings)}---\n${renderLogRules(logRules, options)}`;
      })
      .join('');
  },
  dashboards: async (environments) => {
    const { buildDashboards } = await import('../../dashboards/index.ts');
    const built =
      environments.length === 0
        ? buildDashboards()
        : (await optionsOf(environments)).flatMap(buildDashboards);
    return `[${built.map(({ json }) => json).join(',')}]`;
  },
};

async function read(environments: readonly string[]): Promise<readonly EnvironmentConfig[]> {
  const { readEnvironment, readEnvironmentName } = await import('../../infra/config.ts');
  return environments.map((name) => readEnvironment(readEnvironmentName(name)));
}

async function optionsOf(environments: readonly string[]) {
  const configs = await read(environments);
  const { rulesInForce } = await import('../../infra/rules-in-force.ts');
  return configs.map((config) => ({
    thresholds: rulesInForce(config, today).thresholds,
    runbooks: addressesOf(config).runbooks,
  }));
}

function addressesOf({ environment, urls }: EnvironmentConfig): NonNullable<EnvironmentConfig['urls']> {
  if (urls === undefined) throw new TypeError(`${environment} has no addresses to link to`);
  return urls;
}

const [kind = '', ...environments] = process.argv.slice(2);
const generate = generators[kind];
if (generate === undefined) throw new Error(`generate one of: ${Object.keys(generators).join(', ')}`);
process.stdout.write(await generate(environments));
