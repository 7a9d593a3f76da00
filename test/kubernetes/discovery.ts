import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ask, ready } from '../../infra/catalogue/look.ts';
import { folder, type Workbench } from '../../infra/catalogue/workbench.ts';
import { freePorts } from '../../infra/local/pick-ports.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import type { Deployment } from './deployment.ts';
import type { Labels } from './expected-targets.ts';
import type { Generated } from './generated.ts';
import { tokenOf } from './prometheus-operator.ts';

type Scraping = Readonly<Record<string, unknown>>;

/** A Prometheus that runs, and only looks: its scrapes and alerts go to a proxy that is not there. */
export interface LookingPrometheus {
  readonly url: string;
  readonly targets: () => Promise<readonly Labels[]>;
}

const activeTargets = z.object({
  data: z.object({ activeTargets: z.array(z.object({ labels: z.record(z.string(), z.string()) })) }),
});

/** Starts Prometheus with a configuration, changed in nothing but how far its requests go. */
export async function lookingPrometheus(
  bench: Workbench,
  config: {
    readonly scrape_configs: readonly Scraping[];
    readonly alerting?: { readonly alertmanagers: readonly Scraping[] };
  },
  ruleFiles: Readonly<Record<string, string>>,
): Promise<LookingPrometheus> {
  const [port = 0, nobody = 0] = await freePorts(2);
  const directory = await folder(bench, `prometheus-${port}`);
  const rules = join(directory, 'rules');
  await mkdir(rules);
  for (const [name, text] of Object.entries(ruleFiles)) await writeFile(join(rules, name), text);
  const proxied = (each: Scraping): Scraping => ({ ...each, proxy_url: `http://127.0.0.1:${nobody}` });
  const file = join(directory, 'prometheus.yml');
  const changed = {
    ...config,
    rule_files: [`${rules}/*.yaml`],
    scrape_configs: config.scrape_configs.map(proxied),
    alerting: { ...config.alerting, alertmanagers: (config.alerting?.alertmanagers ?? []).map(proxied) },
  };
  // What the operator's reloader puts in, for the first instance of the only shard.
  const text = toYaml(changed)
    .replaceAll('$(SHARD)', '0')
    .replaceAll('$(POD_NAME)', 'prometheus-prometheus-0');
  await writeFile(file, text, { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  bench.start('prometheus', [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await ready(bench, `${url}/-/ready`);
  return {
    url,
    targets: async () =>
      activeTargets
        .parse(JSON.parse(await ask(`${url}/api/v1/targets?state=active`)))
        .data.activeTargets.map(({ labels }) => labels),
  };
}

const discoveries = z.array(z.looseObject({}));

/** Points service discovery at the API server, as the account that Prometheus has in the cluster. */
export async function atApiServer(
  deployment: Deployment,
  { config, ruleFiles }: Generated,
): Promise<LookingPrometheus> {
  const { bench, server, certificate } = deployment;
  const token = await tokenOf(deployment, 'prometheus');
  const tokenFile = join(await folder(bench, 'prometheus-account'), 'token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  const pointed = <T extends Scraping>(each: T): T =>
    each.kubernetes_sd_configs === undefined
      ? each
      : {
          ...each,
          kubernetes_sd_configs: discoveries.parse(each.kubernetes_sd_configs).map((discovery) => ({
            ...discovery,
            api_server: server,
            tls_config: { ca_file: certificate },
            authorization: { credentials_file: tokenFile },
          })),
        };
  const { alertmanagers } = config.alerting;
  return lookingPrometheus(
    bench,
    {
      ...config,
      scrape_configs: config.scrape_configs.map(pointed),
      alerting: { ...config.alerting, alertmanagers: alertmanagers.map(pointed) },
    },
    ruleFiles,
  );
}
