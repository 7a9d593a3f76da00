import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../config.ts';
import { but, expectRefusal, local, parse, prod } from './testing.ts';

const inProd = (traces: string): string =>
  but(prod, '\n  services:\n    image', `\n  traces: ${traces}\n  services:\n    image`);

describe('where spans go', () => {
  it('is Jaeger in dev, which Grafana shows traces of', () => {
    expect(readEnvironment('dev').traceStore).toEqual({
      type: 'jaeger',
      url: 'http://jaeger.monitoring.svc:16686',
    });
  });

  it('may be a store that is there already, anywhere', () => {
    expect(parse(inProd('{ store: otlp, endpoint: https://otlp.example.com, headers: true }'))).toMatchObject(
      {
        kubernetes: { traces: { endpoint: 'https://otlp.example.com' } },
      },
    );
  });

  it.each<[string, string, said: string]>([
    ['a Jaeger that forgets, in production', '{ store: jaeger }', 'allowed: otlp: a Jaeger that forgets'],
    ['no address', '{ store: otlp }', 'the address of the store'],
    ['an unknown store', '{ store: tempo }', 'given "tempo"; allowed: jaeger in dev; otlp'],
    ['an address that is none', '{ store: otlp, endpoint: otlp }', 'allowed: an http or https address'],
    ['an address that ends in a slash', '{ store: otlp, endpoint: https://o/ }', 'without a slash'],
    [
      'headers in the file',
      '{ store: otlp, endpoint: https://o, headers: secret }',
      'given "secret"; allowed: true or false',
    ],
  ])('with %s is refused', (_, traces, said) => {
    expectRefusal(inProd(traces), 'traces', said);
  });

  it.each<[string, string, said: string]>([
    ['an address', '    store: jaeger\n    endpoint: https://o', 'no such key with store: jaeger'],
    ['headers', '    store: jaeger\n    headers: true', 'which asks for none'],
  ])('a Jaeger of its own takes no %s', (_, keys, said) => {
    const dev = but(
      but(inProd(`\n${keys}`), 'environment: prod', 'environment: dev'),
      'paging: pagerduty',
      'paging: none',
    );
    expectRefusal(dev, keys.trim().split('\n')[1]?.trim() ?? '', said);
  });

  it('leaves the local stack as it is', () => {
    expect(parse(local)).not.toHaveProperty('traceStore');
  });
});
