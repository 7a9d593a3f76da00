import type { Command } from 'commander';
import { readPipelineConfig } from '../../services/pipeline/config/read-config.ts';
import type { PipelineConfig } from '../../services/pipeline/config/schema.ts';

export interface QueueOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export const withQueueOptions = (command: Command): Command =>
  command.option('--config <file>', 'config.yaml of the log pipeline').option('--json', 'as JSON');

export const pipelineConfigOf = ({ config }: QueueOptions): PipelineConfig =>
  readPipelineConfig({ file: config, env: process.env });
