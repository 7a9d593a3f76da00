/**
 * A process of its own that generates one kind of file and writes it to stdout, so that `npm run bench` can time it as
 * a whole beside another generator: `node cli/benchmarks/generate.ts rules|dashboards`.
 */
const generators: Readonly<Record<string, () => Promise<string>>> = {
  rules: async () => {
    const { readEnvironment } = await import('../../infra/config.ts');
    const { rulesInForce } = await import('../../infra/rules-in-force.ts');
    const { renderLogRules, renderRules } = await import('../../infra/render/rules.ts');
    const config = readEnvironment('prod');
    const { thresholds, rules, logRules, recordings } = rulesInForce(config, '2026-11-01');
    const { cluster, environment, urls: baseUrls } = config;
    if (baseUrls === undefined) throw new TypeError('the environment has no addresses to link to');
    const options = { thresholds, timeScale: 1, cluster, environment, baseUrls };
    return `${renderRules(rules, options, recordings)}---\n${renderLogRules(logRules, options)}`;
  },
  dashboards: async () => {
    const { buildDashboards } = await import('../../dashboards/index.ts');
    return `[${buildDashboards()
      .map(({ json }) => json)
      .join(',')}]`;
  },
};

const generate = generators[process.argv[2] ?? ''];
if (generate === undefined) throw new Error(`generate one of: ${Object.keys(generators).join(', ')}`);
process.stdout.write(await generate());
