import { proofOf, type Scenario, sample } from './scenario.ts';

const topic = 'task-events';
const finished = (values: string) =>
  sample('sync', 'events_processed_total', { topic, outcome: 'success' }, values);
const lag = (values: string) => sample('sync', 'event_consumer_lag', { topic }, values);

// An hour at twenty events between two scrapes, then fewer.
const slowed = (perScrape: number): string => `0+20x240 ${4800 + perScrape}+${perScrape}x120`;

export const throughputScenarios: readonly Scenario[] = proofOf({
  family: 'EventProcessingRateDropped',
  about: { namespace: 'tasks', service: 'sync', topic },
  above: [
    'a fifth of the usual number is finished, and some wait',
    [finished(slowed(4)), lag('0x240 30x120')],
  ],
  early: '66m',
  at: '70m',
  quiet: [
    ['exactly a quarter is', [finished(slowed(5)), lag('0x240 30x120')]],
    ['a fifth is, but none waits', [finished(slowed(4)), lag('0x400')]],
    ['there were never many', [finished('0+0.25x240 60x120'), lag('0x240 30x120')]],
    ['the service restarts and goes on', [finished('0+20x250 0+20x110'), lag('0x240 30x120')]],
  ],
});
