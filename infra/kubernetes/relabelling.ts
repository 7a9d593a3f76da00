import { type RelabelRule, targetRelabelling } from '../../telemetry/contract/relabelling.ts';
import type { ClusterContext } from './context.ts';

/** A relabelling rule as the operator's custom resources spell it. */
interface OperatorRelabelling {
  readonly action?: string;
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly targetLabel?: string;
  readonly replacement?: string;
}

const spelled = ({ source_labels, target_label, ...rest }: RelabelRule): OperatorRelabelling => ({
  ...(source_labels && { sourceLabels: source_labels }),
  targetLabel: target_label,
  ...rest,
});

/** The operator adds it to every target; no other target of Sightline has it. */
const withoutEndpoint: OperatorRelabelling = { action: 'labeldrop', regex: 'endpoint' };

/** The rules that label a laptop's targets, which come after the operator's own and so prevail. */
export const podRelabelling = ({ stack }: ClusterContext): readonly OperatorRelabelling[] => [
  ...targetRelabelling(stack.config).map(spelled),
  withoutEndpoint,
];

/**
 * Of an exporter that speaks of others: the cluster and its own name, by which `up` is known. Its namespace, pod,
 * container and node must not stand on series that are about those of others.
 */
export const exporterRelabelling = (
  { stack }: ClusterContext,
  name: string,
): readonly OperatorRelabelling[] => [
  { targetLabel: 'cluster', replacement: stack.config.cluster },
  { targetLabel: 'environment', replacement: stack.config.environment },
  { targetLabel: 'service', replacement: name },
  { action: 'labeldrop', regex: 'endpoint|namespace|pod|container|node' },
];

/** What a probe measures is about the address's service, not about the exporter that asked. */
export const probedSamples = (
  metrics: readonly string[],
  about: { readonly service: string; readonly namespace: string },
): readonly OperatorRelabelling[] => [
  { action: 'keep', sourceLabels: ['__name__'], regex: metrics.join('|') },
  { targetLabel: 'service', replacement: about.service },
  { targetLabel: 'namespace', replacement: about.namespace },
];

/** What it exposes: only metrics that something reads, and not as if they were about the exporter. */
export const exporterSamples = (name: string, metrics: readonly string[]): readonly OperatorRelabelling[] => [
  { action: 'keep', sourceLabels: ['__name__'], regex: metrics.join('|') },
  { sourceLabels: ['service'], regex: name, targetLabel: 'service', replacement: '' },
];
