import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pinnedFile } from '../../infra/registry/pinned.ts';
import { runCli } from '../support/cli.ts';

test('where no registry answers, it is said and nothing is changed', async () => {
  const before = readFileSync(pinnedFile, 'utf8');
  const { code, stderr } = await runCli(['pin-images'], {
    env: { SIGHTLINE_REGISTRY_URL: 'http://127.0.0.1:2' },
  });
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/SL1822 no registry answers; nothing is changed/);
  expect(stderr).toContain('quay.io/prometheus/prometheus:v');
  expect(readFileSync(pinnedFile, 'utf8')).toBe(before);
});
