import type { VariableModel } from '../../dashboards/preview/page/model.ts';

/** A variable that is asked for, and the values it got. */
export interface AskedVariable {
  readonly name: string;
  readonly written: string;
  readonly values: readonly string[];
}

/** Values of a label among series: `GET /api/v1/label/<label>/values?match[]=<selector>`. */
export type AskLabel = (label: string, selector: string) => Promise<readonly string[]>;

const labelValues = /^label_values\((.+),\s*(\w+)\)$/s;

/** What each variable stands for in queries when a person opens the dashboard: each at what it starts with. */
export async function fillVariables(
  variables: readonly VariableModel[],
  ask: AskLabel,
): Promise<{ readonly text: ReadonlyMap<string, string>; readonly asked: readonly AskedVariable[] }> {
  const text = new Map<string, string>();
  const asked: AskedVariable[] = [];
  for (const model of variables) {
    const { name } = model;
    if (model.type !== 'query') {
      text.set(name, [model.current?.value ?? ''].flat().join(','));
      continue;
    }
    const written = typeof model.query === 'string' ? model.query : (model.query?.query ?? '');
    const [, selector, label] = labelValues.exec(filled(written, text)) ?? [];
    if (selector === undefined || label === undefined)
      throw new Error(`$${name} asks what nobody answers: ${written}`);
    const values = await ask(label, selector);
    asked.push({ name, written, values });
    text.set(name, standsFor(model, values));
  }
  return { text, asked };
}

/** A variable that may hold several values stands in a regular expression. */
function standsFor({ name, current, allValue }: VariableModel, values: readonly string[]): string {
  const chosen = [current?.value ?? []].flat();
  if (!chosen.includes('$__all')) throw new Error(`$${name} does not start with everything`);
  if (allValue !== undefined) return allValue;
  const escaped = values.map((value) => value.replace(/[\\^$*+?.()|[\]{}]/g, '\\\\$&'));
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

/** `$name` and `${name}` replaced by what they stand for; others stay, so that an error names them. */
export const filled = (query: string, text: ReadonlyMap<string, string>): string =>
  query.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced?: string, plain?: string) => text.get(braced ?? plain ?? '') ?? whole,
  );
