import type { CatalogueMetric } from './types.ts';

export const blackboxMetrics = {
  probe_success: {
    type: 'gauge',
    help: '1 when the address answered as its probe asks, 0 otherwise',
    labels: [],
  },
} as const satisfies Record<string, CatalogueMetric>;
