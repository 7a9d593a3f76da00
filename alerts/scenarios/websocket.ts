import type { LabelValue } from '../../telemetry/contract/labels.ts';
import { counting, type Scenario, sample, subject } from './scenario.ts';

const delivered = (outcome: LabelValue<'outcome'>, perScrape: number) =>
  sample('backend-api', 'websocket_deliveries_total', { outcome }, counting(perScrape));
const ended = (reason: LabelValue<'reason'>, perScrape: number) =>
  sample('backend-api', 'websocket_disconnects_total', { reason }, counting(perScrape));
const firing = [{ severity: 'warning', ...subject('backend-api') }] as const;

export const websocketScenarios: readonly Scenario[] = [
  {
    family: 'WebSocketDeliveryFailures',
    given: 'one update in ten is not taken',
    samples: [delivered('failure', 1), delivered('success', 9)],
    at: '10m',
    firing,
  },
  {
    family: 'WebSocketDeliveryFailures',
    given: 'all are taken',
    samples: [delivered('failure', 0), delivered('success', 10)],
    at: '15m',
    firing: [],
  },
  {
    family: 'WebSocketDropRate',
    given: 'six connections are lost between two scrapes',
    samples: [ended('dropped', 4), ended('slow_client', 2)],
    at: '10m',
    firing,
  },
  {
    family: 'WebSocketDropRate',
    given: 'clients close their connections',
    samples: [ended('client_closed', 30), ended('server_shutdown', 30)],
    at: '15m',
    firing: [],
  },
];
