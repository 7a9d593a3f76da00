import { describe, expect, it } from 'vitest';
import { dumpProgram } from '../../infra/kubernetes/dump/dump.ts';

const here = { 'sightline:context': 'minikube', 'sightline:cluster': 'minikube' };

describe('the program, before it declares anything', () => {
  it.each([
    ['a key that is none', { ...here, 'sightline:contxt': 'x' }, 'SL1107 contxt is no key; allowed: context'],
    ['no context', { 'sightline:cluster': 'minikube' }, 'SL1107 context is missing'],
    [
      'a secret in plain text',
      { ...here, 'sightline:PAGERDUTY_ROUTING_KEY': 'a'.repeat(32) },
      'SL1109 PAGERDUTY_ROUTING_KEY stands there for everybody to read',
    ],
  ])('refuses %s', async (_, config, message) => {
    await expect(dumpProgram('dev', { config })).rejects.toThrow(message);
  });
});
