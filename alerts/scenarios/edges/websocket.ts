import type { LabelValue } from '../../../telemetry/contract/labels.ts';
import { type Scenario, sample, subject } from '../scenario.ts';
import { type Pace, paced } from './counter.ts';
import { rateEdges } from './rate-edges.ts';
import { shareEdges } from './share-edges.ts';

const delivered = (outcome: LabelValue<'outcome'>, pace: Pace) =>
  sample('backend-api', 'websocket_deliveries_total', { outcome }, paced(pace));
const firing = { severity: 'warning', ...subject('backend-api') } as const;

export const websocketEdges: readonly Scenario[] = [
  ...shareEdges({
    family: 'WebSocketDeliveryFailures',
    firing,
    samples: (failed, fine) => [delivered('failure', failed), delivered('success', fine)],
    above: { part: 1, whole: 20 },
    guard: 0.02,
    window: 300,
    holds: 300,
  }),
  ...rateEdges({
    family: 'WebSocketDropRate',
    firing,
    samples: (pace) => [
      sample('backend-api', 'websocket_disconnects_total', { reason: 'dropped' }, paced(pace)),
    ],
    above: 0.2,
    window: 300,
    holds: 300,
  }),
];
