import { describe, expect, it } from 'vitest';
import { environmentsThatRequire } from './required.ts';

describe('what a key is required in', () => {
  it.each([
    ['cluster', ['local', 'docker', 'dev', 'staging', 'prod']],
    ['urls.prometheus', ['docker', 'dev', 'staging', 'prod']],
    ['kubernetes', ['dev', 'staging', 'prod']],
    // Two Grafanas need it.
    ['kubernetes.grafana.database', ['prod']],
    ['kubernetes.storageClass', []],
    ['grafana.oidc.clientId', []],
  ])('is found by leaving it out: %s', (path, names) => {
    expect(environmentsThatRequire(path.split('.'))).toEqual(names);
  });
});
