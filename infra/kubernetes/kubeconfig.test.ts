import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../config/pulumi.ts';
import { toYaml } from '../render/yaml.ts';
import { kubeconfigFiles, refuseWrongCluster } from './kubeconfig.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = (context: string, cluster: string, server: string): string =>
  toYaml({
    contexts: [{ name: context, context: { cluster, user: 'me' } }],
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': 'hush' } }],
    users: [{ name: 'me', user: { token: 'hush' } }],
  });

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

/** All that a terminal could show of the error, its causes too. */
function expected(wanted: Target['expected'], ...files: readonly string[]): string {
  try {
    refuseWrongCluster({ environment: 'prod', expected: wanted, secrets: new Set() }, files);
  } catch (error) {
    return inspect(error);
  }
  return 'no error';
}

describe('the cluster that a kubeconfig leads to', () => {
  const prod = { context: 'prod', cluster: 'prod-1' };

  it('is the one that the stack is for', () => {
    const file = written('right.yaml', config('prod', 'prod-1', 'https://10.0.0.1'));
    expect(expected(prod, file)).toBe('no error');
    expect(expected({ ...prod, server: 'https://10.0.0.1' }, file)).toBe('no error');
  });

  it('may stand in another file than its context; the first file prevails', () => {
    const first = written(
      'first.yaml',
      toYaml({ contexts: [{ name: 'prod', context: { cluster: 'prod-1' } }] }),
    );
    const second = written('second.yaml', config('prod', 'prod-1', 'https://10.0.0.1'));
    const other = written('other.yaml', config('prod', 'dev', 'https://10.0.0.9'));
    expect(expected(prod, first, second)).toBe('no error');
    expect(expected(prod, other, second)).toContain('is for the cluster "dev", not for "prod-1"');
  });

  it.each<[string, string, Target['expected'], string]>([
    ['another context', config('dev', 'prod-1', 'https://a'), prod, 'there is no context "prod"'],
    [
      'another cluster',
      config('prod', 'dev', 'https://a'),
      prod,
      'the context prod is for the cluster "dev"',
    ],
    [
      'another address',
      config('prod', 'prod-1', 'https://a'),
      { ...prod, server: 'https://b' },
      'the cluster prod-1 is at https://a, not at https://b',
    ],
    ['no contexts', 'kind: Config\n', prod, 'there is no context "prod"'],
    ['no YAML', 'token: [hush', prod, 'this is no kubeconfig'],
    ['something else', 'contexts: hush', prod, 'this is no kubeconfig'],
  ])('is refused with %s, and no credential is said', (_, text, wanted, said) => {
    const message = expected(wanted, written('wrong.yaml', text));
    expect(message).toContain('SL1108');
    expect(message).toContain(said);
    expect(message).not.toContain('hush');
  });

  it('is refused when there is no kubeconfig', () => {
    expect(expected(prod, join(folder, 'missing.yaml'))).toContain('the kubeconfig cannot be read');
  });
});

it('is read from where kubectl reads it', () => {
  expect(kubeconfigFiles({ KUBECONFIG: ['/a', '/b'].join(delimiter) })).toEqual(['/a', '/b']);
  expect(kubeconfigFiles({})[0]).toMatch(/\.kube.config$/);
});
