import { promql, series } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import type { PanelSpec } from '../spec.ts';
import { inNamespace, type PanelContext } from './common.ts';
import { panelKit } from './kit.ts';
import { quantileOf, rateOf, shareOf } from './queries.ts';

const half = 12;
const quarter = 6;

/** What senders get: taken or not, by which form, how soon it is durable. */
export function intake(context: PanelContext): readonly PanelSpec[] {
  const { line, stack } = panelKit(context);
  return [
    stack({
      title: 'Received by form',
      description: 'Log entries a second by the form in which they came in.',
      unit: 'ops',
      asks: [[rateOf(series('log_events_received_total', inNamespace), 'intake'), '{{intake}}']],
    }),
    line({
      title: 'Not taken, by why',
      description:
        'Entries a second. Invalid ones are named to their sender. queue_full and queue_failed: there is no room; senders are told to come back. rejected: Loki refused them, and they are dead letters.',
      unit: 'ops',
      runbook: 'log-entries-refused',
      asks: [[rateOf(series('log_events_errors_total', inNamespace), 'refusal'), '{{refusal}}']],
    }),
    line({
      title: 'Time to durable',
      description:
        'From the whole body of a request to its entries being synced to the disk, or held by the replicas. The SLO promises a tenth of a second for nineteen of twenty.',
      unit: 's',
      asks: [0.5, 0.95, 0.99].map((quantile) => [
        quantileOf(quantile, series('log_event_processing_time_seconds_bucket', inNamespace)),
        `p${quantile * 100}`,
      ]),
    }),
    line({
      title: 'Requests by status',
      description:
        'Answers of the gateway a second, by status. 401 and 403: keys; 429: limits or a full queue; 503: no disk; 5xx burn the error budget.',
      unit: 'reqps',
      width: half,
      asks: [
        [
          rateOf(
            series('http_server_request_duration_seconds_count', { ...inNamespace, service: 'log-gateway' }),
            'http_response_status_code',
          ),
          '{{http_response_status_code}}',
        ],
      ],
    }),
    line({
      title: 'Keys refused, by why',
      description:
        'Requests a second without a key that is good for what they ask. A burst of unknown: somebody tries.',
      unit: 'reqps',
      width: half,
      asks: [
        [rateOf(series('log_gateway_keys_refused_total', inNamespace), 'key_refusal'), '{{key_refusal}}'],
      ],
    }),
  ];
}

/** What waits between the 202 and Loki. */
export function queue(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'Entries waiting',
      description: 'In the queue and not yet stored. Rising without end: Loki or the ingestor cannot follow.',
      unit: 'short',
      width: 8,
      runbook: 'log-ingestor-stuck',
      asks: [[promql`sum(${series('log_queue_entries', inNamespace)})`, 'entries']],
    }),
    line({
      title: 'Bytes waiting',
      description:
        'The queue is full at queue.maxBytes, or when its disk has less than queue.minFreeBytes left.',
      unit: 'bytes',
      width: 8,
      runbook: 'log-entries-refused',
      asks: [[promql`sum(${series('log_queue_bytes', inNamespace)})`, 'bytes']],
    }),
    line({
      title: 'Time until full',
      description:
        'Of the queue or its disk, if it grows as it does. Thirty days stand for any longer time; a fall says when to act.',
      unit: 's',
      width: 8,
      runbook: 'log-queue-filling',
      asks: [[promql`min(${series('log_queue_until_full_seconds', inNamespace)})`, 'left']],
    }),
    line({
      title: 'Age of the oldest batch',
      description: 'Above the dashed line somebody is told: what was sent cannot be found for that long.',
      unit: 's',
      width: half,
      runbook: 'log-queue-ageing',
      limits: { warning: 'log_queue_age_warning' },
      asks: [[promql`max(${series('log_queue_oldest_age_seconds', inNamespace)})`, 'age']],
    }),
    line({
      title: 'Damaged batches',
      description:
        'Kept aside because their bytes are not those that were acknowledged. Any is data loss: see the runbook.',
      unit: 'short',
      width: half,
      runbook: 'log-batches-damaged',
      asks: [
        [
          promql`sum(increase(${series('log_queue_damaged_batches_total', inNamespace)}[$__rate_interval]))`,
          'batches',
        ],
      ],
    }),
  ];
}

/** What the ingestor does. */
export function storing(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  return [
    line({
      title: 'From admission to Loki',
      description: 'Without a backlog it is the time that batches are waited for, some seconds.',
      unit: 's',
      asks: [0.5, 0.95].map((quantile) => [
        quantileOf(quantile, series('log_queue_age_seconds_bucket', inNamespace)),
        `p${quantile * 100}`,
      ]),
    }),
    line({
      title: 'Entries in a push',
      description:
        'Half of the pushes are larger than p50. Large ones mean that there is a backlog to catch up with.',
      unit: 'short',
      asks: [0.5, 0.95].map((quantile) => [
        quantileOf(quantile, series('log_push_entries_bucket', inNamespace)),
        `p${quantile * 100}`,
      ]),
    }),
    line({
      title: 'Duration of pushes, p95',
      description: 'Retries and pauses included. Rising: Loki is slow, or refuses.',
      unit: 's',
      asks: [[quantileOf(0.95, series('log_push_duration_seconds_bucket', inNamespace)), 'p95']],
    }),
    line({
      title: 'Pushes tried again',
      description: 'A second. Three in a row open the breaker of the organization.',
      unit: 'ops',
      runbook: 'log-pushes-paused',
      asks: [[rateOf(series('log_push_retries_total', inNamespace)), 'retries']],
    }),
    line({
      title: 'Organizations that wait',
      description: 'Their circuit breaker is open: Loki takes nothing of theirs, and they wait in the queue.',
      unit: 'short',
      runbook: 'log-pushes-paused',
      asks: [[promql`sum(${series('log_push_paused_organizations', inNamespace)})`, 'organizations']],
    }),
    line({
      title: 'Dead letters',
      description: 'Entries that Loki refused for what is in them, until a person replays or purges them.',
      unit: 'short',
      runbook: 'log-dead-letters',
      asks: [[promql`sum(${series('log_dead_letters', inNamespace)})`, 'entries']],
    }),
  ];
}

/** What people get who look for something. */
export function search(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const hits = series('log_search_cache_requests_total', { ...inNamespace, cache_result: 'hit' });
  return [
    line({
      title: 'Duration of searches',
      description: 'Caching included. The SLO promises half a second for nineteen of twenty.',
      unit: 's',
      asks: [0.5, 0.95, 0.99].map((quantile) => [
        quantileOf(quantile, series('log_search_duration_seconds_bucket', inNamespace)),
        `p${quantile * 100}`,
      ]),
    }),
    line({
      title: 'Searches by outcome',
      description: 'A second. Failures are Loki’s, or what takes too long.',
      unit: 'reqps',
      asks: [[rateOf(series('log_search_duration_seconds_count', inNamespace), 'outcome'), '{{outcome}}']],
    }),
    line({
      title: 'Hit rate of the cache',
      description:
        'Share of the questions that the cache could answer. The canary never asks the same twice.',
      unit: 'percentunit',
      most: 1,
      asks: [[shareOf(hits, series('log_search_cache_requests_total', inNamespace)), 'hits']],
    }),
  ];
}

/** The pipeline from outside: known lines, sent all the time. */
export function canary(context: PanelContext): readonly PanelSpec[] {
  const { line, stack } = panelKit(context);
  const lines = (verdicts: Parameters<typeof oneOf>[0]) =>
    series('log_canary_lines_total', { ...inNamespace, canary_verdict: oneOf(verdicts) });
  return [
    stack({
      title: 'Sent and found',
      description: 'Lines of the canary a second. As many found as acknowledged, some seconds later.',
      unit: 'ops',
      width: quarter,
      asks: [[rateOf(lines(['acknowledged', 'found', 'refused']), 'canary_verdict'), '{{canary_verdict}}']],
    }),
    line({
      title: 'Missing, doubled, out of order',
      description:
        'Lines in each interval. Missing: acknowledged, overtaken, and not found; late: found after all. After a crash a few duplicates are right.',
      unit: 'short',
      width: quarter,
      runbook: 'log-canary-missing',
      asks: [
        [
          promql`sum by (canary_verdict) (increase(${lines(['missing', 'late', 'duplicate', 'out_of_order'])}[$__rate_interval]))`,
          '{{canary_verdict}}',
        ],
      ],
    }),
    line({
      title: 'From 202 to found',
      description: 'What an application may count on: how long after the 202 a search finds the line.',
      unit: 's',
      width: quarter,
      runbook: 'log-canary-late',
      asks: [0.5, 0.95].map((quantile) => [
        quantileOf(quantile, series('log_canary_delay_seconds_bucket', inNamespace)),
        `p${quantile * 100}`,
      ]),
    }),
    line({
      title: 'Oldest line not found',
      description: 'Rising like a ramp: nothing gets through. Above the dashed line somebody is told.',
      unit: 's',
      width: quarter,
      runbook: 'log-canary-late',
      limits: { warning: 'log_canary_wait_warning' },
      asks: [[promql`max(${series('log_canary_oldest_waiting_seconds', inNamespace)})`, 'waiting']],
    }),
  ];
}
