import { createHash } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import snappy from 'snappy';
import type { LabelValue } from '../../../telemetry/contract/labels.ts';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { snappyLength } from '../../kit/snappy.ts';
import { parseInput } from '../../kit/validation.ts';
import { batchFromJson, fromJson, fromNdjson, oneFromJson, type RawEntries } from '../forms/json.ts';
import { fromLokiJson, fromLokiProtobuf } from '../forms/loki.ts';
import { fromOtlpJson, fromOtlpProtobuf } from '../forms/otlp.ts';
import { encodeOtlpAnswer } from '../forms/otlp-proto.ts';
import { callerIn, type Guard, onlyOrganization, organizationOf } from '../keys/authentication.ts';
import { answerBatch, answerLoki, answerOne, answerTaken, idsQuery } from './answers.ts';
import type { BodyReader } from './body.ts';
import { IdempotentRequests } from './idempotency.ts';
import type { Intake, Taken } from './take.ts';

export interface IntakeRoutesOptions {
  readonly intake: Intake;
  readonly bodies: BodyReader;
  readonly guard: Guard;
  /** Bytes that a snappy block may have when it is opened. */
  readonly decompressedBytes: number;
}

interface Decoded {
  readonly raws: RawEntries;
  readonly batchId?: string | undefined;
}
/** @param reserve tells how many bytes are made of the body */
type Decode = (body: Buffer, most: number, reserve: (bytes: number) => void) => Decoded | Promise<Decoded>;
type Answer = (response: Response, taken: Taken, decoded: Decoded, request: Request) => void;

interface Form {
  readonly intake: LabelValue<'intake'>;
  readonly decode: Decode;
}

/** Everything that takes logs in. */
export function intakeRoutes(options: IntakeRoutesOptions): Router {
  const { intake, bodies, guard, decompressedBytes } = options;
  const requests = new IdempotentRequests();
  const router = Router();

  /** One way in: the form by the content type, and the answer. */
  const taking =
    (forms: Readonly<Record<string, Form>>, answer: Answer): RequestHandler =>
    async (request, response) => {
      intake.refuseWhenFull();
      const form = formOf(request, forms);
      const caller = callerIn(response);
      const header = request.get('x-scope-orgid');
      const organization =
        header === undefined ? onlyOrganization(caller) : organizationOf(request, response, header);
      await bodies.read(request, caller.id, async (body, reserve) => {
        const decoded = await form.decode(body, intake.mostEntries, reserve);
        const key = request.get('idempotency-key') ?? decoded.batchId;
        const digest = key === undefined ? '' : createHash('sha256').update(body).digest('base64');
        const take = () =>
          intake.take({
            raws: decoded.raws,
            caller,
            organization,
            intake: form.intake,
            seed: key === undefined ? undefined : [caller.id, organization ?? '', key, digest].join('\n'),
          });
        if (key === undefined) {
          answer(response, await take(), decoded, request);
          return;
        }
        const { taken, replayed } = await requests.run(
          { caller: caller.id, organization, key, digest },
          take,
        );
        if (replayed) response.set('Idempotency-Replayed', 'true');
        answer(response, taken, decoded, request);
      });
    };

  const json = (decode: (body: Buffer, most: number) => RawEntries): Form => ({
    intake: 'json',
    decode: (body, most) => ({ raws: decode(body, most) }),
  });
  const ndjson: Form = { intake: 'ndjson', decode: (body, most) => ({ raws: fromNdjson(body, most) }) };
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
        'application/json': json(fromJson),
        'application/x-ndjson': ndjson,
        'application/ndjson': ndjson,
        'application/jsonl': ndjson,
      },
      (response, taken, _, request) => answerTaken(response, taken, request.query.ids === 'true'),
    ),
  );
  const one = taking({ 'application/json': json(oneFromJson) }, answerOne);
  router.post('/api/logs', ...write, one);
  router.post('/logs/ingest', ...write, one);

  const batch: Form = {
    intake: 'json',
    decode: (body, most) => batchFromJson(body, most),
  };
  router.post(
    '/logs/batch-ingest',
    ...write,
    taking({ 'application/json': batch }, (response, taken, { batchId }) =>
      answerBatch(response, batchId, taken),
    ),
  );

  router.post(
    '/loki/api/v1/push',
    ...write,
    taking(
      {
        'application/json': { intake: 'loki', decode: (body, most) => ({ raws: fromLokiJson(body, most) }) },
        'application/x-protobuf': {
          intake: 'loki',
          decode: async (body, most, reserve) => ({
            raws: fromLokiProtobuf(await opened(body, decompressedBytes, reserve), most),
          }),
        },
      },
      answerLoki,
    ),
  );

  router.post(
    '/v1/logs',
    ...write,
    taking(
      {
        'application/json': { intake: 'otlp', decode: (body, most) => ({ raws: fromOtlpJson(body, most) }) },
        'application/x-protobuf': {
          intake: 'otlp',
          decode: (body, most) => ({ raws: fromOtlpProtobuf(body, most) }),
        },
      },
      answerOtlp,
    ),
  );
  return router;
}

function formOf(request: Request, forms: Readonly<Record<string, Form>>): Form {
  const [type = '', ...parameters] = (request.get('content-type') ?? 'application/json').split(';');
  const charset = parameters.find((one) => /^\s*charset=/i.test(one))?.replace(/^\s*charset=/i, '');
  const name = type.trim().toLowerCase();
  const known = Object.hasOwn(forms, name) ? forms[name] : undefined;
  const utf8 = charset === undefined || /^"?utf-?8"?$/i.test(charset.trim());
  if (known !== undefined && utf8) return known;
  throw new HttpProblem(415, `Content-Type must be ${Object.keys(forms).join(' or ')}, in UTF-8`);
}

/** Of snappy's block format. */
async function opened(body: Buffer, most: number, reserve: (bytes: number) => void): Promise<Buffer> {
  const size = snappyLength(body);
  if (size > most) throw new HttpProblem(413, 'The body is too large when decompressed');
  reserve(size);
  try {
    const plain = await snappy.uncompress(body);
    return typeof plain === 'string' ? Buffer.from(plain) : plain;
  } catch {
    throw new HttpProblem(400, 'The body is no valid snappy block');
  }
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
