import type { PipelineStage } from './pipeline.ts';

type PromtailStage = Readonly<Record<string, unknown>>;

/** The pipeline as Promtail's `pipeline_stages`. */
export function promtailStages(pipeline: readonly PipelineStage[]): readonly PromtailStage[] {
  return pipeline.map(promtailStage);
}

function promtailStage(stage: PipelineStage): PromtailStage {
  switch (stage.kind) {
    case 'cri':
      return { cri: {} };
    case 'json':
      return { json: { expressions: stage.expressions } };
    case 'template':
      return { template: { source: stage.source, template: stage.template } };
    case 'timestamp':
      // A line without a usable timestamp keeps the time at which the container wrote it.
      return { timestamp: { source: stage.source, format: stage.format, action_on_failure: 'skip' } };
    case 'labels':
      return { labels: Object.fromEntries(stage.names.map((name) => [name, null])) };
    case 'structuredMetadata':
      return { structured_metadata: Object.fromEntries(stage.names.map((name) => [name, null])) };
    case 'count':
      return {
        metrics: {
          [stage.name]: {
            type: 'Counter',
            description: stage.help,
            source: stage.source,
            config: { value: stage.value, action: 'inc' },
          },
        },
      };
  }
}
