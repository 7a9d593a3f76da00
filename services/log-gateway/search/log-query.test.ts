import { parser } from '@grafana/lezer-logql';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logLevels } from '../../../telemetry/contract/logs.ts';
import { type LogFilter, logqlOf } from './log-query.ts';

/** The shape of a query by LogQL's own grammar, and the texts within it as they stand. */
function parsed(query: string) {
  const shape: string[] = [];
  const texts: string[] = [];
  parser.parse(query).iterate({
    enter(node) {
      shape.push(node.type.isError ? 'ERROR' : node.name);
      if (node.name === 'String') texts.push(query.slice(node.from, node.to));
    },
  });
  return { shape, texts };
}

/** Go's quoted text, of which ours are those without short escapes. */
const meant = (text: string): string =>
  text
    .slice(1, -1)
    .replaceAll(/\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/g, (_, short?: string, long?: string) =>
      String.fromCodePoint(Number.parseInt(short ?? long ?? '', 16)),
    );

const nasty = fc.oneof(
  fc.constantFrom(
    '"',
    '\\',
    '`',
    '"} or {service=~".+',
    '| json',
    '\n',
    '{{.x}}',
    '\\"',
    '" |~ "',
    '\\u0022',
  ),
  fc.constantFrom('\u0000', '\u2028', '💥', '#', '|=', '$1', '(?i)', '\ud800', '*/', '[5m]', 'unwrap x'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
);
const text = fc.array(nasty, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const filters = fc.record(
  {
    query: text,
    service: text,
    request_id: text,
    trace_id: text,
    levels: fc.subarray([...logLevels], { minLength: 1 }),
  },
  { requiredKeys: [] },
);

/** The label's expression of a service: itself to the letter, or the one of all that are too many. */
const serviceTexts = (service: string | undefined, among: ReadonlySet<string> | undefined): string => {
  const services = service === undefined ? among : [service, 'overflow'];
  if (services === undefined) return '.+';
  return [...services]
    .map((one) => one.toWellFormed().replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('|');
};
const among = fc.option(
  fc.array(text, { minLength: 1, maxLength: 3 }).map((names) => new Set(names)),
  { nil: undefined },
);

it('whatever a filter holds, its query has the shape of a harmless one, by LogQL’s own parser', () => {
  fc.assert(
    fc.property(filters, among, (filter, services) => {
      const harmless = Object.fromEntries(Object.keys(filter).map((name) => [name, 'x']));
      const like: LogFilter = filter.levels === undefined ? harmless : { ...harmless, levels: ['INFO'] };
      const { shape, texts } = parsed(logqlOf(filter, services));
      expect(shape).toEqual(parsed(logqlOf(like)).shape);
      expect(shape).not.toContain('ERROR');
      const inLine = (value: string): string => JSON.stringify(value.toWellFormed()).slice(1, -1);
      const wanted = [
        serviceTexts(filter.service, services),
        ...(filter.levels === undefined ? [] : [filter.levels.join('|')]),
        ...(filter.query === undefined ? [] : [inLine(filter.query)]),
        ...[filter.request_id, filter.trace_id].flatMap((id) =>
          id === undefined ? [] : [inLine(id), id.toWellFormed()],
        ),
        ...(filter.service === undefined
          ? []
          : [filter.service.toWellFormed(), filter.service.toWellFormed()]),
      ];
      expect(texts.map(meant)).toEqual(wanted);
    }),
    { numRuns: 2000 },
  );
});
