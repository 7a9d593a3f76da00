import type { AlloyBlock } from './alloy-syntax.ts';
import type { PipelineStage } from './pipeline.ts';

/** The pipeline as the stages of Alloy's `loki.process`, each of which does what Promtail's does. */
export function alloyStages(pipeline: readonly PipelineStage[]): readonly AlloyBlock[] {
  return pipeline.map(alloyStage);
}

const stage = (
  name: string,
  attributes: AlloyBlock['attributes'],
  blocks: readonly AlloyBlock[] = [],
): AlloyBlock => ({ name: `stage.${name}`, attributes, blocks });

/** An empty source is the name itself. */
const byTheirNames = (names: readonly string[]) => ({
  values: Object.fromEntries(names.map((name) => [name, ''])),
});

function alloyStage(each: PipelineStage): AlloyBlock {
  switch (each.kind) {
    case 'cri':
      return stage('cri', {});
    case 'json':
      return stage('json', { expressions: each.expressions });
    case 'template':
      return stage('template', { source: each.source, template: each.template });
    case 'timestamp':
      // A line without a usable timestamp keeps the time at which the container wrote it.
      return stage('timestamp', { source: each.source, format: each.format, action_on_failure: 'skip' });
    case 'labels':
      return stage('labels', byTheirNames(each.names));
    case 'structuredMetadata':
      return stage('structured_metadata', byTheirNames(each.names));
    case 'count':
      return stage('metrics', {}, [
        {
          name: 'metric.counter',
          attributes: {
            name: each.name,
            description: each.help,
            source: each.source,
            value: each.value,
            action: 'inc',
            // As Promtail begins the names of what its pipelines count.
            prefix: 'promtail_custom_',
          },
        },
      ]);
  }
}
