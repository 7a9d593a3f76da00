import { describe, expect, test } from 'vitest';
import { productVersions } from '../../versions.ts';
import { acceptedRange, compareVersions, isCompatible, versionInOutput } from './version-match.ts';

describe('the version in what a tool prints', () => {
  test.each([
    ['prometheus, version 3.15.0 (branch: HEAD, revision: abc)', '3.15.0'],
    ['loki, version 3.6.4 (branch: , revision: unknown)\n  go version: go1.26.8', '3.6.4'],
    ['grafana version 13.2.3', '13.2.3'],
    ['jaeger version v2.20.0', '2.20.0'],
    ['etcd Version: 3.6.16\nGit SHA: Not provided', '3.6.16'],
    ['Kubernetes v1.36.3', '1.36.3'],
    ['1.14.0', '1.14.0'],
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '7.0.15'],
    ['blackbox_exporter, version 0.23.0 (branch: debian/sid, revision: 0.23.0-4+b4)', '0.23.0'],
  ])('%s', (output, version) => {
    expect(versionInOutput(output)).toBe(version);
  });

  test('none in a binary that was built without one, whatever the lines below say', () => {
    expect(versionInOutput('loki, version  (branch: , revision: unknown)\n  build user:\n')).toBeUndefined();
    expect(versionInOutput('edge\n1.2.3')).toBeUndefined();
    expect(versionInOutput('Kubernetes v0.0.0-master+$Format:%H$')).toBeUndefined();
  });
});

describe('compatibility', () => {
  const loki = { version: '3.6.4', accepts: 'same-minor' } as const;
  const prometheus = { version: '3.15.0', accepts: { from: '3.14.2' } } as const;

  test.each([
    ['3.6.0', true],
    ['3.6.11', true],
    ['3.5.9', false],
    ['3.7.0', false],
    ['2.6.4', false],
  ])('same minor line as 3.6.4: %s is %s', (version, expected) => {
    expect(isCompatible(version, loki)).toBe(expected);
  });

  test.each([
    ['3.14.2', true],
    ['3.100.0', true],
    ['3.14.1', false],
    ['4.0.0', false],
    ['2.53.0', false],
    ['nonsense', false],
  ])('from 3.14.2 within 3.x: %s is %s', (version, expected) => {
    expect(isCompatible(version, prometheus)).toBe(expected);
  });

  test('every pinned version accepts itself', () => {
    for (const product of Object.values(productVersions)) {
      expect(isCompatible(product.version, product)).toBe(true);
    }
  });

  test('numbers are compared, not text', () => {
    expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0);
    expect(compareVersions('1.26', '1.26.0')).toBe(0);
  });

  test('in words', () => {
    expect(acceptedRange(loki)).toBe('3.6.x');
    expect(acceptedRange(prometheus)).toBe('3.14.2 or newer 3.x');
  });
});
