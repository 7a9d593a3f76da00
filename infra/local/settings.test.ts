import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLocalSettings } from './settings.ts';

describe('settings from the environment and .env', () => {
  let dir: string;
  let dotenv: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'sightline-settings-'));
    dotenv = join(dir, '.env');
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const read = (text: string, env: NodeJS.ProcessEnv = {}): ReturnType<typeof readLocalSettings> => {
    writeFileSync(dotenv, text);
    return readLocalSettings(env, dotenv);
  };

  it('are empty without either', () => {
    expect(readLocalSettings({}, join(dir, 'absent'))).toEqual({});
  });

  it('come from .env, and from the environment first', () => {
    const text = '# mine\nSLACK_WEBHOOK_URL_ALERTS="https://hooks.example/a"\n\nPATH_OF_SOMETHING_ELSE=1\n';
    expect(read(text)).toEqual({ SLACK_WEBHOOK_URL_ALERTS: 'https://hooks.example/a' });
    expect(read(text, { SLACK_WEBHOOK_URL_ALERTS: 'https://hooks.example/b' })).toEqual({
      SLACK_WEBHOOK_URL_ALERTS: 'https://hooks.example/b',
    });
  });

  it('are refused by name, without showing the value', () => {
    const secret = 'not-a-routing-key-but-secret';
    expect(() => read('', { PAGERDUTY_ROUTING_KEY: secret })).toThrow(
      /SL1104 PAGERDUTY_ROUTING_KEY .*environment variable PAGERDUTY_ROUTING_KEY/,
    );
    expect(() => read('', { PAGERDUTY_ROUTING_KEY: secret })).not.toThrow(secret);
    expect(() => read('SLACK_WEBHOOK_URL_INCIDENTS=hooks.example')).toThrow(
      /SL1104 SLACK_WEBHOOK_URL_INCIDENTS/,
    );
  });

  it('name the line of .env that is broken', () => {
    expect(() => read('A=1\nthis is no setting\n')).toThrow(/SL1104 .*\.env:2/);
  });
});
