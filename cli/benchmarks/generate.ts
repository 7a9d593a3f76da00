/**
 * A process of its own that generates one kind of file and writes it to stdout, so that `npm run bench` can time it as
 * a whole beside another generator: `node cli/benchmarks/generate.ts rules|dashboards`.
 */
const generators: Readonly<Record<string, () => Promise<string>>> = {
  rules: async () => {
    const { readEnvironment } = await import('../../infra/config.ts');
    const { renderRules } = await import('../../infra/render/rules.ts');
    const { rulesByDomain } = await import('../../alerts/rules/index.ts');
    const { everydaySlos } = await import('../../alerts/slo/index.ts');
    const { cluster, environment } = readEnvironment('local');
    const at = 'http://127.0.0.1:3001';
    const baseUrls = { dashboards: at, explore: at, runbooks: `${at}/runbooks/{id}` };
    return renderRules(
      rulesByDomain,
      { thresholds: {}, timeScale: 1, cluster, environment, baseUrls },
      everydaySlos.recordings,
    );
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
