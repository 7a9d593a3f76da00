import { Router } from 'express';
import { z } from 'zod';
import { platformTenant } from '../../../telemetry/contract/services.ts';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { parseInput } from '../../kit/validation.ts';
import { moment } from '../intake/moment.ts';
import { type Guard, organizationOf } from '../keys/authentication.ts';
import type { PrometheusClient } from './prometheus-client.ts';
import { promqlOf } from './short-language.ts';

const query = z
  .string()
  .min(1)
  .max(4000)
  .describe('PromQL, or `sum|avg|max|rate|p95|p99 metric label=value`');

export const metricsQuery = z.strictObject({ query, time: moment.optional().describe('Now unless given') });
export const metricsRangeQuery = z.strictObject({
  query,
  start: moment.optional().describe('An hour before the end unless given'),
  end: moment.optional().describe('Now unless given'),
  step: z.coerce.number().min(1).max(86_400).optional().describe('Seconds; 250 points unless given'),
});

export const metricsAnswer = z
  .object({ promql: z.string(), resultType: z.string(), result: z.array(z.unknown()) })
  .meta({ id: 'MetricsAnswer' });

/** Points of a series that Prometheus gives at most. */
const mostPoints = 11_000;
const points = 250;

/** Metrics are the platform's own: a key must be for its organization. */
export function metricsRoutes(prometheus: PrometheusClient, guard: Guard): Router {
  const router = Router();
  const read = guard('read');

  router.get('/api/v1/metrics/query', ...read, async (request, response) => {
    organizationOf(request, response, platformTenant);
    const asked = parseInput(metricsQuery, request.query);
    const promql = promqlOf(asked.query);
    const time = asked.time === undefined ? {} : { time: String(asked.time / 1000) };
    response.json({ promql, ...(await prometheus.ask('query', { query: promql, ...time })) });
  });

  router.get('/api/v1/metrics/range', ...read, async (request, response) => {
    organizationOf(request, response, platformTenant);
    const asked = parseInput(metricsRangeQuery, request.query);
    const promql = promqlOf(asked.query);
    const end = (asked.end ?? Date.now()) / 1000;
    const start = asked.start === undefined ? end - 3600 : asked.start / 1000;
    const step = asked.step ?? Math.max(1, Math.ceil((end - start) / points));
    if (start >= end) throw new HttpProblem(400, 'start must be before end');
    if ((end - start) / step > mostPoints) {
      throw new HttpProblem(400, `A range may have at most ${mostPoints} points: take a longer step`);
    }
    const range = { query: promql, start: String(start), end: String(end), step: String(step) };
    response.json({ promql, ...(await prometheus.ask('query_range', range)) });
  });
  return router;
}
