import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { LabelValue } from '../../../telemetry/contract/labels.ts';
import type { Instrumentation } from '../../../telemetry/instrument/instrumentation.ts';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { parseInput } from '../../kit/validation.ts';
import { type FormName, formOf } from '../forms/forms.ts';
import { encodeOtlpAnswer } from '../forms/otlp/proto.ts';
import { callerIn, type Guard, onlyOrganization, organizationOf } from '../keys/authentication.ts';
import { answerBatch, answerLoki, answerOne, answerTaken, idsQuery } from './answers.ts';
import type { BodyReader } from './body.ts';
import { IdempotentRequests } from './idempotency.ts';
import type { Judged } from './judge.ts';
import type { Judges } from './judges.ts';
import type { Intake, Taken } from './take.ts';

export interface IntakeRoutesOptions {
  readonly intake: Intake;
  readonly judges: Judges;
  readonly bodies: BodyReader;
  readonly guard: Guard;
  readonly trace: Pick<Instrumentation<'log-gateway'>['trace'], 'inject'>;
  /** Bytes that a body may have when it is opened. */
  readonly decompressedBytes: number;
}

type Answer = (response: Response, taken: Taken, judged: Judged, request: Request) => void;

/** One way in. */
interface Way {
  readonly intake: LabelValue<'intake'>;
  readonly form: FormName;
}

const json: Way = { intake: 'json', form: 'json' };
const ndjson: Way = { intake: 'ndjson', form: 'ndjson' };

/** Everything that takes logs in. */
export function intakeRoutes(options: IntakeRoutesOptions): Router {
  const { intake, judges, bodies, guard, trace, decompressedBytes } = options;
  const requests = new IdempotentRequests();
  const router = Router();

  /** The way by the content type, and the answer. */
  const taking =
    (ways: Readonly<Record<string, Way>>, answer: Answer): RequestHandler =>
    async (request, response) => {
      intake.refuseWhenFull();
      const way = wayOf(request, ways);
      const caller = callerIn(response);
      const header = request.get('x-scope-orgid');
      const organization =
        header === undefined ? onlyOrganization(caller) : organizationOf(request, response, header);
      await bodies.read(request, caller.id, async (body, reserve) => {
        const startedAt = performance.now();
        const opened = formOf(way.form).openedBytes?.(body) ?? 0;
        if (opened > decompressedBytes) throw new HttpProblem(413, 'The body is too large when decompressed');
        reserve(opened);
        const { id, organizations } = caller;
        const judged = await judges.judge(
          {
            ...{ form: way.form, body, caller: { id, organizations }, organization },
            idempotencyKey: request.get('idempotency-key'),
            traceparent: trace.inject().traceparent,
          },
          Math.max(body.length, opened),
        );
        const take = () => intake.take(judged, way.intake, startedAt);
        if (judged.try === undefined) {
          answer(response, await take(), judged, request);
          return;
        }
        const { taken, replayed } = await requests.run(
          { caller: caller.id, organization, ...judged.try },
          take,
        );
        if (replayed) response.set('Idempotency-Replayed', 'true');
        answer(response, taken, judged, request);
      });
    };

  const write = guard('write');

  router.post(
    '/api/v1/logs',
    ...write,
    (request, _response, next) => {
      // Most say nothing there, and looking at nothing costs more than it seems.
      if (request.url.includes('?')) parseInput(idsQuery, request.query);
      next();
    },
    taking(
      {
        'application/json': json,
        'application/x-ndjson': ndjson,
        'application/ndjson': ndjson,
        'application/jsonl': ndjson,
      },
      (response, taken, _, request) => answerTaken(response, taken, request.query.ids === 'true'),
    ),
  );
  const one = taking({ 'application/json': { intake: 'json', form: 'one' } }, answerOne);
  router.post('/api/logs', ...write, one);
  router.post('/logs/ingest', ...write, one);

  router.post(
    '/logs/batch-ingest',
    ...write,
    taking({ 'application/json': { intake: 'json', form: 'batch' } }, (response, taken, { batchId }) =>
      answerBatch(response, batchId, taken),
    ),
  );

  router.post(
    '/loki/api/v1/push',
    ...write,
    taking(
      {
        'application/json': { intake: 'loki', form: 'lokiJson' },
        'application/x-protobuf': { intake: 'loki', form: 'lokiProtobuf' },
      },
      answerLoki,
    ),
  );

  router.post(
    '/v1/logs',
    ...write,
    taking(
      {
        'application/json': { intake: 'otlp', form: 'otlpJson' },
        'application/x-protobuf': { intake: 'otlp', form: 'otlpProtobuf' },
      },
      answerOtlp,
    ),
  );
  return router;
}

function wayOf(request: Request, ways: Readonly<Record<string, Way>>): Way {
  const [type = '', ...parameters] = (request.get('content-type') ?? 'application/json').split(';');
  const charset = parameters.find((one) => /^\s*charset=/i.test(one))?.replace(/^\s*charset=/i, '');
  const name = type.trim().toLowerCase();
  const known = Object.hasOwn(ways, name) ? ways[name] : undefined;
  const utf8 = charset === undefined || /^"?utf-?8"?$/i.test(charset.trim());
  if (known !== undefined && utf8) return known;
  throw new HttpProblem(415, `Content-Type must be ${Object.keys(ways).join(' or ')}, in UTF-8`);
}

const answerOtlp: Answer = (response, { refusals }, _, request) => {
  const partial =
    refusals.length === 0
      ? undefined
      : { rejectedLogRecords: refusals.length, errorMessage: refusals[0]?.reason ?? '' };
  const type = request.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf') {
    response.type('application/x-protobuf').send(Buffer.from(encodeOtlpAnswer(partial)));
    return;
  }
  response.json(partial === undefined ? {} : { partialSuccess: partial });
};
