import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../repository.ts';
import { planLocal } from './plan.ts';

const file = 'secrets/GRAFANA_ADMIN_PASSWORD';
const secret = 'correct horse battery staple';
let stateDir = '';
beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'sightline-grafana-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const plan = (env: NodeJS.ProcessEnv = {}) => planLocal({ portOffset: 0, stateDir, env, timeScale: 1 });

describe('the password of Grafana’s admin', () => {
  it('is made up, and another in each state directory', async () => {
    const made = (await plan()).secretFiles.get(file);
    expect(made).toMatch(/^[\w-]{24}$/);
    expect((await plan()).secretFiles.get(file)).not.toBe(made);
  });

  it('stays what it was', async () => {
    mkdirSync(path.join(stateDir, 'secrets'));
    writeFileSync(path.join(stateDir, file), 'as-it-was-made-up');
    expect((await plan()).secretFiles.get(file)).toBe('as-it-was-made-up');
  });

  it('is the one that was given, and in no other file', async () => {
    const { files, processes, secretFiles } = await plan({ GRAFANA_ADMIN_PASSWORD: secret });
    expect(secretFiles.get(file)).toBe(secret);
    expect([...files.values()].join('\n')).not.toContain(secret);
    expect(JSON.stringify(processes)).not.toContain(secret);
  });

  it('is refused when it is short, without being shown', async () => {
    const refused = plan({ GRAFANA_ADMIN_PASSWORD: 'hunter2' });
    await expect(refused).rejects.toThrow(/SL1104 GRAFANA_ADMIN_PASSWORD is not usable: must be 12 to 1000/);
    await expect(refused).rejects.not.toThrow('hunter2');
  });
});

describe('the secret of Grafana’s client', () => {
  const withSignOn = (): NodeJS.ProcessEnv => {
    const environment = path.join(stateDir, 'mine.yaml');
    const local = readFileSync(path.join(repositoryRoot, 'infra/environments/local.yaml'), 'utf8');
    const at = (name: string): string => `https://id.example.com/${name}`;
    const oidc = {
      name: 'Example',
      clientId: 'grafana',
      authUrl: at('authorize'),
      tokenUrl: at('token'),
      userinfoUrl: at('userinfo'),
      scopes: 'openid',
    };
    writeFileSync(environment, `${local}\ngrafana: ${JSON.stringify({ oidc })}\n`);
    return { SIGHTLINE_ENVIRONMENT_FILE: environment };
  };

  it('is missed where people sign on', async () => {
    await expect(plan(withSignOn())).rejects.toThrow(/SL1104 GRAFANA_OIDC_CLIENT_SECRET is missing/);
  });

  it('has a file of its own', async () => {
    const client = 'a-secret-of-a-client';
    const { files, secretFiles } = await plan({ ...withSignOn(), GRAFANA_OIDC_CLIENT_SECRET: client });
    expect(secretFiles.get('secrets/GRAFANA_OIDC_CLIENT_SECRET')).toBe(client);
    expect([...files.values()].join('\n')).not.toContain(client);
    expect(files.get('config/grafana/grafana.ini')).toContain(
      `client_secret = $__file{${stateDir}/secrets/GRAFANA_OIDC_CLIENT_SECRET}`,
    );
  });
});
