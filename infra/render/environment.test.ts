import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentNames } from '../config/names.ts';
import { readEnvironment } from '../config.ts';
import { environmentFiles } from '../environment.ts';

const root = '/etc/sightline';
const deployed = environmentNames.filter((name) => name !== 'local');

describe.each(deployed)('the files of %s', (name) => {
  it('link to the addresses of its file, and to no other', async () => {
    const { urls } = readEnvironment(name);
    const text = (await environmentFiles(name, root)).get('config/rules/sightline.yml') ?? '';
    const links = [...text.matchAll(/(runbook|dashboard|logs)_url: (\S+)/g)];
    const bases: Readonly<Record<string, string | undefined>> = {
      runbook: urls?.runbooks.replace('{id}', ''),
      dashboard: `${urls?.dashboards}/d/`,
      logs: `${urls?.explore}/explore?`,
    };
    expect(new Set(links.map(([, kind]) => kind))).toEqual(new Set(['runbook', 'dashboard', 'logs']));
    for (const [, kind = '', address = ''] of links)
      expect(address.startsWith(bases[kind] ?? '?')).toBe(true);
  });

  it('name the files of secrets, and page a person in prod alone', async () => {
    const text = (await environmentFiles(name, root)).get('config/alertmanager.yml') ?? '';
    const incidents = parse(text).receivers.find((each: { name: string }) => each.name === 'incidents');
    expect(incidents.slack_configs[0].api_url_file).toBe(`${root}/secrets/SLACK_WEBHOOK_URL_INCIDENTS`);
    expect(incidents.pagerduty_configs?.[0].routing_key_file).toBe(
      name === 'prod' ? `${root}/secrets/PAGERDUTY_ROUTING_KEY` : undefined,
    );
    expect(text.includes('PAGERDUTY')).toBe(name === 'prod');
    expect(text).not.toMatch(/routing_key:|api_url:|127\.0\.0\.1/);
  });

  it('give an alert without its own labels those of the deployment, and Loki its retention', async () => {
    const files = await environmentFiles(name, root);
    const { cluster, loki } = readEnvironment(name);
    expect(files.get('config/rules/sightline.yml')).toContain(`cluster: ${cluster}\n`);
    // Where the target is known, Loki's configuration is whole.
    const text = files.get('config/loki-limits.yaml') ?? files.get('config/loki.yaml') ?? '';
    const limits = parse(text).limits_config;
    expect(limits.retention_period).toBe(`${Number.parseInt(loki.retention, 10) * 24}h`);
  });
});
