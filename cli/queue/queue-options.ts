import type { Command } from 'commander';
import { type PipelineOptions, withPipelineOptions } from '../pipeline-options.ts';

export interface QueueOptions extends PipelineOptions {
  readonly json?: boolean;
}

export const withQueueOptions = (command: Command): Command =>
  withPipelineOptions(command).option('--json', 'as JSON');
