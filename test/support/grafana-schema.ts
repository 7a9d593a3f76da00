import { join } from 'node:path';
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import type { GrafanaShapes } from './grafana-shapes.ts';

/** Properties that are not among Grafana's types because somebody else reads them, and who that is. */
const readByOthers: Readonly<Record<string, string>> = {
  'variable.definition': 'the text of a query as Grafana’s own editor saves it beside the query',
  'annotation.expr': 'the Prometheus plugin',
  'annotation.step': 'the Prometheus plugin',
  'annotation.tagKeys': 'the Prometheus plugin',
  'annotation.textFormat': 'the Prometheus plugin',
  'annotation.titleFormat': 'the Prometheus plugin',
};

interface AnyPanel {
  readonly title?: string;
  readonly type: string;
  readonly panels?: readonly AnyPanel[];
  readonly options?: unknown;
  readonly fieldConfig?: {
    readonly defaults: { readonly custom?: unknown };
    readonly overrides: readonly unknown[];
  };
  readonly targets?: readonly { readonly datasource?: { readonly type?: string } }[];
}
interface AnyDashboard {
  readonly panels?: readonly AnyPanel[];
  readonly templating?: { readonly list?: readonly object[] };
  readonly annotations?: { readonly list?: readonly object[] };
}

/** What Grafana would not read of a dashboard's JSON: a wrong type, a missing or an unknown property, and where. */
export type GrafanaCheck = (json: string) => readonly string[];

/** Makes a schema of JSON from Grafana's types; takes a second or two. */
export function grafanaCheck(): GrafanaCheck {
  const type = 'GrafanaShapes';
  const schema = createGenerator({
    path: join(import.meta.dirname, 'grafana-shapes.ts'),
    tsconfig: join(import.meta.dirname, '../../tsconfig.json'),
    type,
    skipTypeCheck: true,
    additionalProperties: false,
    functions: 'hide',
    expose: 'none',
  }).createSchema(type);
  // As JSON: the generator's type of a schema allows undefined where Ajv's does not.
  const asJson: AnySchemaObject = JSON.parse(JSON.stringify({ ...schema, $id: 'grafana' }));
  const ajv = new Ajv({ allErrors: true, strict: false }).addSchema(asJson);
  const known = new Map<string, ValidateFunction | undefined>();

  /** @param shape path of a property of GrafanaShapes */
  function problems(
    shape: readonly [keyof GrafanaShapes, ...string[]],
    value: unknown,
    where: string,
  ): readonly string[] {
    const path = shape.join('/');
    const pointer = `grafana#/definitions/${type}/${shape.map((name) => `properties/${name}`).join('/')}`;
    if (!known.has(path)) known.set(path, ajv.getSchema(pointer));
    const validate = known.get(path);
    if (!validate) return [`${where}: Grafana’s types have no ${path}`];
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${where}: ${path}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  function panelProblems(panel: AnyPanel): readonly string[] {
    const where = panel.title ?? '?';
    const { options, fieldConfig, targets, panels, ...rest } = panel;
    if (panel.type === 'row')
      return [...problems(['row'], rest, where), ...(panels ?? []).flatMap(panelProblems)];
    const { custom, ...defaults } = fieldConfig?.defaults ?? {};
    return [
      ...problems(['panel'], rest, where),
      ...problems(['options', panel.type], options ?? {}, where),
      ...problems(['defaults'], defaults, where),
      ...(custom === undefined ? [] : problems(['custom', panel.type], custom, where)),
      ...(targets ?? []).flatMap((target) =>
        problems(['query', target.datasource?.type ?? '?'], target, where),
      ),
    ];
  }

  return (json) => {
    const { panels = [], templating, annotations, ...rest } = JSON.parse(json) as AnyDashboard;
    const list = annotations?.list?.map((one) => own('annotation', one));
    return [
      ...problems(['dashboard'], rest, 'dashboard'),
      ...problems(['annotations'], { list }, 'annotations'),
      ...(templating?.list ?? []).flatMap((one) =>
        problems(['variable'], own('variable', one), JSON.stringify((one as { name?: string }).name)),
      ),
      ...panels.flatMap(panelProblems),
    ];
  };
}

const own = (kind: string, value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !(`${kind}.${name}` in readByOthers)));
