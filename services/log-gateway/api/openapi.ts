import { z } from 'zod';
import { type JsonSchema, Schemas } from './json-schema.ts';
import type { Operation } from './operations.ts';

/** RFC 9457. */
const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    request_id: z.string().optional(),
  })
  .meta({ id: 'Problem' });

const refusals = {
  400: 'What was sent is not valid',
  401: 'No valid key',
  403: 'The key is not for this',
  413: 'Too large',
  415: 'The content type or encoding is not one of these',
  422: 'The Idempotency-Key was used with another body',
  429: 'Too many requests, or the queue is full; Retry-After says when to come back',
  431: 'The address and the headers are too long together; without a body',
  502: 'A store does not answer',
  503: 'Nothing can be taken now; Retry-After says when to come back',
  504: 'A store did not answer in time',
} as const;
const ofEvery = [400, 431] as const;
const ofKeys = [401, 403, 429] as const;
const ofWriting = [413, 415, 422, 503] as const;
const ofReading = [502, 504] as const;

/** The document of the API, from the schemas that validate. */
export function openapiDocument(operations: readonly Operation[]) {
  const schemas = new Schemas();
  const problems = schemas.of(problem, 'output');
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: described(operation, schemas, problems),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sightline log gateway',
      version: '1.0.0',
      description: 'Takes logs durably, searches them, and answers for metrics.',
    },
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
}

function described(operation: Operation, schemas: Schemas, problems: JsonSchema): object {
  const { method, path, summary, scope, query, bodies, answers } = operation;
  const statuses = [
    ...ofEvery,
    ...(scope === undefined ? [] : ofKeys),
    ...(bodies === undefined ? [] : ofWriting),
    ...(scope === 'read' ? ofReading : []),
  ];
  return {
    operationId: `${method}${path.replaceAll(/[^a-z0-9]+/gi, '_')}`,
    summary,
    ...(scope === undefined ? {} : { security: [{ bearer: [] }, { apiKey: [] }], 'x-scope': scope }),
    parameters: [...queryParameters(query, schemas), ...(bodies === undefined ? [] : [idempotency])],
    ...(bodies === undefined
      ? {}
      : { requestBody: { required: true, content: contentOf(bodies, schemas, 'input') } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, content]) => [
          status,
          { description: meaning(status), content: contentOf(content, schemas, 'output') },
        ]),
      ),
      ...Object.fromEntries(
        statuses.map((status) => [
          status,
          {
            description: refusals[status],
            ...(status === 429 || status === 503 ? { headers: { 'Retry-After': retryAfter } } : {}),
            // What is too long to be read is answered before all else.
            ...(status === 431 ? {} : { content: { 'application/problem+json': { schema: problems } } }),
          },
        ]),
      ),
    },
  };
}

const retryAfter = {
  description: 'Seconds after which it may be tried again, where that is known',
  schema: { type: 'integer', minimum: 0 },
};

const idempotency = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Another try with it gets the answer of the first',
  schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
};

function queryParameters(query: z.ZodObject | undefined, schemas: Schemas): readonly object[] {
  if (query === undefined) return [];
  return Object.entries<z.ZodType>(query.shape).map(([name, schema]) => {
    const { description, ...shape } = schemas.of(schema, 'input');
    return {
      name,
      in: 'query',
      required: !schema.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: shape,
    };
  });
}

function contentOf(
  contents: Readonly<Record<string, z.ZodType>>,
  schemas: Schemas,
  io: 'input' | 'output',
): object {
  return Object.fromEntries(
    Object.entries(contents).map(([type, schema]) => [type, { schema: schemas.of(schema, io) }]),
  );
}

function meaning(status: string): string {
  if (status === '202') return 'All entries are durable';
  return status === '207' ? 'The entries that are not named in `errors` are durable' : 'Done';
}
