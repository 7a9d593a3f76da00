import { describe, expect, it } from 'vitest';
import { expectRefusal, parse, prod } from './testing.ts';

const file = (keys: string): string => `${prod}\n${keys}`;
const oidc = (changed: Readonly<Record<string, string | undefined>> = {}): string => {
  const keys = {
    name: 'Example',
    clientId: 'grafana',
    authUrl: 'https://id.example.com/authorize',
    tokenUrl: 'https://id.example.com/token',
    userinfoUrl: 'https://id.example.com/userinfo',
    scopes: 'openid email',
    ...changed,
  };
  const lines = Object.entries(keys).flatMap(([key, value]) =>
    value === undefined ? [] : [`    ${key}: ${value}\n`],
  );
  return file(`grafana:\n  oidc:\n${lines.join('')}`);
};

describe('Grafana in an environment file', () => {
  it('is taken with a provider of identities and a trace store', () => {
    expect(
      parse(
        `${oidc({ rolePath: "\"contains(groups[*], 'sre') && 'Admin' || 'Viewer'\"", allowedDomains: '[example.com]' })}traceStore: { type: jaeger, url: "http://jaeger:16686" }\n`,
      ),
    ).toMatchObject({
      grafana: { oidc: { rolePath: "contains(groups[*], 'sre') && 'Admin' || 'Viewer'" } },
      traceStore: { type: 'jaeger' },
    });
    expect(parse(oidc({ tokenUrl: 'http://localhost:8090/token' }))).toBeDefined();
  });

  it.each<[string, string, key: string, said: string]>([
    [
      'a provider that is asked without encryption',
      oidc({ tokenUrl: 'http://id.example.com/token' }),
      'tokenUrl',
      'grafana.oidc.tokenUrl: given "http://id.example.com/token"; allowed: an https address',
    ],
    [
      'a client without an id',
      oidc({ clientId: undefined }),
      'oidc:',
      'grafana.oidc.clientId: it is missing',
    ],
    [
      'the secret itself',
      oidc({ clientSecret: 'hush' }),
      'clientSecret',
      'grafana.oidc.clientSecret: there is no such key',
    ],
    [
      'a path of roles that Grafana would fill in',
      oidc({ rolePath: "'$__file{/etc/passwd}'" }),
      'rolePath',
      'grafana.oidc.rolePath: given "$__file{/etc/passwd}"; allowed: a JMESPath expression; without ", $',
    ],
    [
      'a name that would begin another key',
      oidc({ name: '"a\\nclient_secret = x"' }),
      'name: "a',
      'grafana.oidc.name: given "a\\nclient_secret = x"; allowed: a name; without',
    ],
    ['scopes without openid', oidc({ scopes: 'email' }), 'scopes', 'allowed: `openid` and more scopes'],
    [
      'a trace store of another kind',
      file('traceStore: { type: zipkin, url: "http://zipkin:9411" }\n'),
      'traceStore',
      'traceStore.type: given "zipkin"; allowed: one of jaeger, tempo',
    ],
  ])('with %s is refused, with line and key', (_, text, key, said) => {
    expectRefusal(text, key, said);
  });
});
