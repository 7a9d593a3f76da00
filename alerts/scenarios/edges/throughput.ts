import type { LabelValue } from '../../../telemetry/contract/labels.ts';
import { type Samples, type Scenario, sample, subject } from '../scenario.ts';
import { exactly, type Pace, paced, stepAt } from './counter.ts';
import { looked, roundAbout } from './looks.ts';

const topic = 'task-events';
const dropped = {
  family: 'EventProcessingRateDropped',
  firing: { severity: 'warning', topic, ...subject('sync') },
  holds: 300,
} as const;

const processed = (outcome: LabelValue<'outcome'>, values: string): Samples[number] =>
  sample('sync', 'events_processed_total', { topic, outcome }, values);
const finished = (values: string): Samples[number] => processed('success', values);
const lag = (values: string): Samples[number] => sample('sync', 'event_consumer_lag', { topic }, values);
const waiting = lag('30x400');

/** Seconds of the usual pace, and a look when the slower one fills five minutes and the waiting time. */
const usual = 3600;
const settled = usual + 660;

/**
 * In the hour before 60 minutes exactly one a second, and after it exactly a quarter of that: counters that start at 0
 * are not extrapolated, and one that grows once in each window, or falls to what it grew by, has just that rate.
 */
const quarter = (): string => {
  const [[grown] = [0]] = exactly(0.25, 300);
  return `0x119 3600x120 ${grown} ${2 * grown}x18 ${grown}x18 ${2 * grown}x18`;
};

/** By the minute, four hours: much in three of them, little in the fourth, and then nothing. */
const longAgo: Pace = [
  [80, 180],
  [0.8, 60],
  [0, 20],
];
/** Few bursts, each far above the usual pace, none of which is half of what five minutes should see. */
const bursts: Pace = [
  [20, usual / 15],
  ...Array.from({ length: 4 }, () => [[0, 19] as const, [64, 1] as const]).flat(),
];

export const throughputEdges: readonly Scenario[] = [
  looked(dropped, 'exactly the share of the threshold', [finished(quarter()), waiting], 4200, false),
  looked(
    dropped,
    'nothing, after exactly as few as count',
    [finished('0x119 72x200'), waiting],
    settled,
    false,
  ),
  looked(dropped, 'nothing, after a fifth more', [finished('0x119 86x200'), waiting], settled, true),
  looked(
    dropped,
    'a fifth of the usual, and much is tried again',
    [finished(paced(stepAt(usual, 20, 4))), processed('retry', paced(stepAt(usual, 0, 16))), waiting],
    settled,
    true,
  ),
  looked(
    dropped,
    'as much as ever, and nothing is tried again any more',
    [finished(paced([[4, 400]])), processed('retry', paced(stepAt(usual, 20, 0))), waiting],
    settled,
    false,
  ),
  looked(
    dropped,
    'nothing, where there was little but much was tried again',
    [finished(paced(stepAt(usual, 0.15, 0))), processed('retry', paced(stepAt(usual, 20, 0))), waiting],
    settled,
    false,
  ),
  looked(
    dropped,
    'nothing for half an hour',
    [finished(paced(stepAt(usual, 20, 0))), waiting],
    usual + 1800,
    true,
  ),
  {
    ...looked(
      dropped,
      'nothing, where much was done hours ago and little since',
      [finished(paced(longAgo)), waiting],
      15_000,
      false,
    ),
    every: '1m',
  },
  looked(dropped, 'a burst in five minutes is not enough', [finished(paced(bursts)), waiting], 4800, true),
  ...roundAbout(
    dropped,
    'for the last time nothing waited',
    [finished(paced(stepAt(usual, 20, 4))), lag('30x290 0 30x200')],
    291 * 15 + 300 + 300,
  ),
];
