import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pipelineConfigFile } from '../infra/local/pipeline-processes.ts';
import { pipelineConfigOf } from './pipeline-options.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'pipeline-options-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(stateDir, { recursive: true });
});

function configured(file: string, keys: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `keys: { file: ${keys} }\n`);
  return file;
}

it('is about the stack of npm start where there is one, and what is named goes before', () => {
  expect(pipelineConfigOf({ stateDir }).keys.file).toBe('data/api-keys.json');
  configured(path.join(stateDir, pipelineConfigFile), 'of-the-stack.json');
  expect(pipelineConfigOf({ stateDir }).keys.file).toBe('of-the-stack.json');
  vi.stubEnv('PIPELINE_CONFIG', configured(path.join(stateDir, 'variable.yaml'), 'of-the-variable.json'));
  expect(pipelineConfigOf({ stateDir }).keys.file).toBe('of-the-variable.json');
  const config = configured(path.join(stateDir, 'mine.yaml'), 'mine.json');
  expect(pipelineConfigOf({ stateDir, config }).keys.file).toBe('mine.json');
  vi.stubEnv('KEYS_FILE', 'over-all.json');
  expect(pipelineConfigOf({ stateDir, config }).keys.file).toBe('over-all.json');
});
