import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { pipelineConfigFile } from '../infra/local/pipeline-processes.ts';
import { readPipelineConfig } from '../services/pipeline/config/read-config.ts';
import type { PipelineConfig } from '../services/pipeline/config/schema.ts';
import { type RawStackOptions, resolveStackOptions, withStackOptions } from './stack-options.ts';

/** Which log pipeline a command is about. */
export interface PipelineOptions extends RawStackOptions {
  readonly config?: string;
}

/** Adds `--config`, and what names a stack of `npm start`. */
export const withPipelineOptions = (command: Command): Command =>
  withStackOptions(
    command.option('--config <file>', 'config.yaml of the log pipeline (default: that of npm start’s stack)'),
  );

/**
 * Its configuration: of the file given, or else of the stack that `npm start` has brought up, or else the defaults;
 * environment variables go over each.
 * @throws SightlineError SL1709
 */
export function pipelineConfigOf({ config, ...stack }: PipelineOptions): PipelineConfig {
  return readPipelineConfig({
    file: config ?? process.env.PIPELINE_CONFIG ?? ofStack(stack),
    env: process.env,
  });
}

function ofStack(options: RawStackOptions): string | undefined {
  const file = path.join(resolveStackOptions(options).stateDir, pipelineConfigFile);
  return existsSync(file) ? file : undefined;
}
