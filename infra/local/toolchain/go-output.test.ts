import { expect, test } from 'vitest';
import { goDirective, goFailure, goIsTooOld, isModuleDownload, isPackageLine } from './go-output.ts';

test('the go line of a go.mod', () => {
  expect(goDirective('module x\n\ngo 1.26.0\n\nrequire y v1.0.0\n')).toBe('1.26.0');
  expect(goDirective('module x\n')).toBeUndefined();
});

test.each([
  ['go1.26.8\nlocal\n', false],
  ['go1.27.0\nauto\n', false],
  ['go1.25.3\nlocal\n', true],
  ['go1.25.3\nauto\n', false],
  ['go1.20.14\n\n', true],
])('%j for 1.26.0: too old is %s', (goEnv, tooOld) => {
  expect(goIsTooOld(goEnv, '1.26.0').tooOld).toBe(tooOld);
});

test('lines that are packages, and those that are not', () => {
  expect(['math/bits', 'github.com/grafana/loki/v3/pkg/util'].every(isPackageLine)).toBe(true);
  expect(['', '# github.com/x/y', 'go: downloading a v1', 'x.go:3: broken'].some(isPackageLine)).toBe(false);
  expect(isModuleDownload('go: downloading github.com/a/b v1.2.3')).toBe(true);
});

test('the reason of a failure, in one line', () => {
  const offline =
    'go: downloading a v1\ngo: a@v1: Get "https://proxy/a": dial tcp: lookup proxy: no such host\n';
  expect(goFailure(offline)).toBe("Go's modules could not be downloaded (no such host)");
  expect(goFailure('math\n# a/b\nb.go:1:2: undefined: c\n')).toBe('b.go:1:2: undefined: c');
  expect(goFailure('')).toBe('Go ended without saying why');
});
