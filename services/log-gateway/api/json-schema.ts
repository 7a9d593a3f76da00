import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** JSON Schemas of an OpenAPI document: those that have an id are kept once, under `components`. */
export class Schemas {
  readonly #named: Record<string, JsonSchema> = {};

  get components(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries(Object.entries(this.#named).sort(([a], [b]) => a.localeCompare(b)));
  }

  /** @param io whether it is about what a client sends or what it gets */
  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _, $defs = {}, ...whole } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    for (const [name, definition] of Object.entries($defs)) this.#keep(name, definition);
    const id = z.globalRegistry.get(schema)?.id;
    if (id === undefined) return referring(whole);
    // What refers to itself comes as a reference to one of the definitions.
    if (whole.$ref === undefined) this.#keep(id, whole);
    return { $ref: `#/components/schemas/${id}` };
  }

  #keep(name: string, { id: _, ...definition }: JsonSchema): void {
    this.#named[name] = referring(definition);
  }
}

/** References within the schema become references into the document. */
function referring(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
