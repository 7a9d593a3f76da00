import { z } from 'zod';
import { configSchema } from './schema.ts';

type LeafKind = 'text' | 'number' | 'boolean' | 'list';

/** One setting: where it stands in config.yaml, and the environment variable that goes over it. */
export interface Setting {
  readonly path: readonly string[];
  readonly variable: string;
  readonly kind: LeafKind;
  readonly secret: boolean;
}

/** Names by which other software knows a setting, beside the derived one. */
const otherNames: Readonly<Record<string, string>> = { POSTGRES_URL: 'DATABASE_URL' };

/** Every setting: `limits.bodyBytes` is LIMITS_BODY_BYTES. */
export const settings: readonly Setting[] = leavesOf(configSchema, [], false);

function leavesOf(schema: z.core.$ZodType, path: readonly string[], secret: boolean): readonly Setting[] {
  const { inner, isSecret } = unwrapped(schema, secret);
  if (inner instanceof z.ZodObject) {
    return Object.entries<z.core.$ZodType>(inner.shape).flatMap(([key, value]) =>
      leavesOf(value, [...path, key], isSecret),
    );
  }
  const name = path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_');
  return [{ path, variable: otherNames[name] ?? name, kind: kindOf(inner), secret: isSecret }];
}

function unwrapped(schema: z.core.$ZodType, secret: boolean): { inner: z.core.$ZodType; isSecret: boolean } {
  const isSecret = secret || z.globalRegistry.get(schema)?.secret === true;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return unwrapped(schema.unwrap(), isSecret);
  }
  return { inner: schema, isSecret };
}

function kindOf(schema: z.core.$ZodType): LeafKind {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  return schema instanceof z.ZodArray ? 'list' : 'text';
}

/** The variable's text as the schema wants it; what is no number or boolean is left for the schema to refuse. */
export function settingValue(kind: LeafKind, text: string): unknown {
  if (kind === 'list') return text.split(',').map((part) => part.trim());
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return kind === 'number' && Number.isFinite(Number(text)) ? Number(text) : text;
}
