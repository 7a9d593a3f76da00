import { describe, expect, it } from 'vitest';
import type { ClusterSecretName } from '../kubernetes/secrets.ts';
import { type PulumiConfig, readTarget, refuseOtherSecrets } from './pulumi.ts';
import { failure } from './testing.ts';

const key = 'a'.repeat(32);
const complete: PulumiConfig = {
  stack: 'dev',
  values: { 'sightline:context': 'minikube', 'sightline:cluster': 'minikube' },
  secretKeys: [],
};
const given = (values: Readonly<Record<string, string>>, ...secretKeys: readonly string[]): PulumiConfig => ({
  ...complete,
  values: { ...complete.values, ...values },
  secretKeys,
});
const secret = (name: string, value: string): PulumiConfig =>
  given({ [`sightline:${name}`]: value }, `sightline:${name}`);

describe('the configuration of a stack', () => {
  it('says where an environment goes, and which secrets there are', () => {
    expect(readTarget(secret('HEARTBEAT_URL', 'https://example.com/x'))).toEqual({
      environment: 'dev',
      expected: { context: 'minikube', cluster: 'minikube' },
      secrets: new Set(['HEARTBEAT_URL']),
    });
  });

  it('leaves the keys of other packages to Pulumi', () => {
    expect(readTarget(given({ 'kubernetes:namespace': 'x' })).secrets.size).toBe(0);
  });

  it.each<[string, PulumiConfig, string]>([
    [
      'a stack that is no environment',
      { ...complete, stack: 'test' },
      'SL1105 there is no environment "test" on',
    ],
    ['a stack that is not on Kubernetes', { ...complete, stack: 'local' }, 'use one of'],
    [
      'an unknown key',
      given({ 'sightline:colour': 'red' }),
      'SL1107 colour is no key; allowed: context, cluster',
    ],
    ['a misspelt key', given({ 'sightline:contxt': 'x' }), 'SL1107 contxt is no key; allowed: context ('],
    [
      'a misspelt secret',
      given({ 'sightline:AUTH_SECRT': key }),
      'SL1107 AUTH_SECRT is no key; allowed: AUTH_SECRET',
    ],
    ['no context', { ...complete, values: { 'sightline:cluster': 'x' } }, 'SL1107 context is missing'],
    ['an empty context', given({ 'sightline:context': '' }), 'SL1107 context is missing'],
    ['no cluster', { ...complete, values: { 'sightline:context': 'x' } }, 'SL1107 cluster is missing'],
    [
      'a server that is no address',
      given({ 'sightline:server': '10.0.0.1' }),
      'SL1107 server is "10.0.0.1"; allowed: an https',
    ],
    ['a server with a path', given({ 'sightline:server': 'https://a/b' }), 'SL1107 server is "https://a/b"'],
    [
      'a secret for everybody to read',
      given({ 'sightline:AUTH_SECRET': key }),
      'SL1109 AUTH_SECRET stands there for everybody',
    ],
    ['a secret that is no address', secret('HEARTBEAT_URL', 'example'), 'SL1109 HEARTBEAT_URL is not usable'],
    ['a secret with spaces', secret('AUTH_SECRET', 'a b'), 'SL1109 AUTH_SECRET is not usable'],
    ['a secret that is easily guessed', secret('AUTH_SECRET', 'abc'), 'must be at least 32 characters'],
    [
      'a key of the wrong length',
      secret('PAGERDUTY_ROUTING_KEY', 'abc'),
      'must be the 32 letters and digits',
    ],
  ])('with %s is refused', (_, config, said) => {
    const message = failure(() => readTarget(config));
    expect(message).toContain(said === 'use one of' ? 'select one of: dev, staging, prod' : said);
    expect(message).toContain('Fix: ');
  });

  it('never says the value of a secret', () => {
    expect(failure(() => readTarget(secret('AUTH_SECRET', 'hush hush')))).not.toContain('hush');
    expect(failure(() => readTarget(given({ 'sightline:AUTH_SECRET': 'hush' })))).not.toContain('hush');
  });
});

describe('secrets', () => {
  const target = readTarget(secret('HEARTBEAT_URL', 'https://example.com/x'));
  const wanted = (...names: readonly ClusterSecretName[]): string =>
    failure(() => refuseOtherSecrets(target, new Set(names)));

  it('that are those that objects refer to are right', () => {
    expect(wanted('HEARTBEAT_URL')).toBe('no error');
  });

  it('that are missing are named, all of them, with what they are', () => {
    const message = wanted('HEARTBEAT_URL', 'AUTH_SECRET', 'EVENT_BUS_PASSWORD');
    expect(message).toMatch(
      /SL1109 no value for AUTH_SECRET \(.+\), EVENT_BUS_PASSWORD \(Password of the Redis/,
    );
    expect(message).not.toContain('HEARTBEAT_URL');
  });

  it('that nothing uses are refused', () => {
    expect(wanted()).toContain('SL1109 nothing uses HEARTBEAT_URL in dev');
  });

  it('that page somebody are refused where nobody is to be woken', () => {
    const paging = readTarget(secret('PAGERDUTY_ROUTING_KEY', key));
    expect(failure(() => refuseOtherSecrets(paging, new Set()))).toContain('SL1106 nothing uses PAGERDUTY');
  });
});
