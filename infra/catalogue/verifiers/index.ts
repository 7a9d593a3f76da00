import type { ComponentName } from '../../../telemetry/catalogue/components.ts';
import { blackboxExporter } from './blackbox-exporter.ts';
import { dapr } from './dapr.ts';
import { kafka } from './kafka.ts';
import { kubeStateMetrics } from './kube-state-metrics.ts';
import { alertmanager, loki, nodeExporter, prometheus, promtail } from './stack.ts';
import type { Verifier } from './verifier.ts';

/** Every component of the catalogue that can be run. */
export const verifiers = {
  prometheus,
  alertmanager,
  loki,
  promtail,
  'node-exporter': nodeExporter,
  'blackbox-exporter': blackboxExporter,
  'kube-state-metrics': kubeStateMetrics,
  dapr,
  kafka,
} as const satisfies Partial<Record<ComponentName, Verifier>>;

export type Verifiable = keyof typeof verifiers;
