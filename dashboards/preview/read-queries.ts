import { SightlineError } from '../../telemetry/errors.ts';

export type Source = 'prometheus' | 'loki' | 'alertmanager';

/** The read APIs that are passed on; nothing that writes, deletes or tells secrets of the configuration. */
const readable: Readonly<Record<Source, RegExp>> = {
  prometheus:
    /^\/api\/v1\/(?:query|query_range|query_exemplars|labels|series|rules|alerts|label\/\w{1,200}\/values)$/,
  loki: /^\/loki\/api\/v1\/(?:query|query_range|labels|series|patterns|label\/\w{1,200}\/values)$/,
  alertmanager: /^\/api\/v2\/(?:alerts|silences)$/,
};

export const isSource = (name: string): name is Source => Object.hasOwn(readable, name);

const passedOn = new Set([
  'query',
  'time',
  'start',
  'end',
  'step',
  'match[]',
  'limit',
  'direction',
  'since',
  'filter',
]);

/** Points of one series; a question for more is answered with a wider step. */
export const maxPoints = 2000;
/** Seconds between two points at least. */
const minStep = 1;
const maxLines = 1000;
const maxQueryCharacters = 10_000;

/**
 * What may be asked of a data source: the path is one of the read APIs, only known parameters are passed on,
 * and the number of points and lines is bounded.
 * @throws SightlineError SL1614 for any other path, or a query that is too long
 */
export function readQuery(source: Source, path: string, given: URLSearchParams): URLSearchParams {
  if (!readable[source].test(path))
    throw refused(
      `${path} of ${source} is not a read query`,
      'ask query, query_range, labels, values, series, rules or alerts',
    );
  const parameters = new URLSearchParams([...given].filter(([name]) => passedOn.has(name)));
  for (const [name, value] of parameters)
    if (value.length > maxQueryCharacters)
      throw refused(`${name} is longer than ${maxQueryCharacters} characters`, 'shorten the query');
  if (/\/(?:query_range|patterns)$/.test(path)) boundSteps(parameters, source);
  const limit = Number(parameters.get('limit'));
  if (parameters.has('limit'))
    parameters.set('limit', String(limit >= 1 ? Math.min(maxLines, limit) : maxLines));
  return parameters;
}

function boundSteps(parameters: URLSearchParams, source: Source): void {
  const [start, end] = [epochSeconds(parameters.get('start')), epochSeconds(parameters.get('end'))];
  if (start === undefined || end === undefined)
    throw refused('start and end are not times', 'give both in epoch seconds, or nanoseconds for Loki');
  const asked = Number((parameters.get('step') ?? '').replace(/s$/, ''));
  const floor = Math.max(minStep, Math.ceil((end - start) / maxPoints));
  // A step that is not a plain number of seconds counts as none.
  const step = Number.isFinite(asked) && asked > 0 ? Math.max(asked, floor) : floor;
  parameters.set('step', source === 'loki' ? `${step}s` : String(step));
}

/** Loki takes nanoseconds as well; no second has that many digits. */
function epochSeconds(text: string | null): number | undefined {
  const value = Number(text ?? Number.NaN);
  if (text === null || text === '' || !Number.isFinite(value)) return undefined;
  return value > 1e15 ? value / 1e9 : value;
}

const refused = (what: string, fix: string): SightlineError =>
  new SightlineError('SL1614', { what, where: 'preview', fix });
