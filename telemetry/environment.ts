import { z } from 'zod';
import { type ErrorCode, SightlineError } from './errors.ts';

/** A variable that a process reads from its environment. Empty means unset. */
interface Variable {
  readonly schema: z.ZodType;
  /** Completes the sentence "it must be …". */
  readonly expected: string;
  /** A value that is refused is not shown. */
  readonly secret?: true;
}

type Variables = Readonly<Record<string, Variable>>;

export type VariableValues<V extends Variables> = { readonly [N in keyof V]: z.output<V[N]['schema']> };

/** A TCP port; 0 lets the system choose, which tests use. */
export const portSchema = z.coerce.number().int().min(0).max(65_535);

export const httpUrl = { schema: z.url({ protocol: /^https?$/ }), expected: 'an http or https URL' } as const;

/** Where a process listens: PORT, by default as given, and HOST, by default loopback. */
export function listenVariables(defaultPort: number) {
  return {
    PORT: { schema: portSchema.default(defaultPort), expected: 'a TCP port, 0 to 65535' },
    HOST: { schema: z.string().min(1).max(255).default('127.0.0.1'), expected: 'an address to listen on' },
  } as const;
}

/** @throws SightlineError of the given code, naming the first variable whose value is not understood */
export function readVariables<V extends Variables>(
  variables: V,
  env: NodeJS.ProcessEnv,
  who: { readonly name: string; readonly code: ErrorCode },
): VariableValues<V> {
  const read = ([name, { schema, expected, secret }]: readonly [string, Variable]) => {
    const given = env[name] === '' ? undefined : env[name];
    const parsed = schema.safeParse(given);
    if (parsed.success) return [name, parsed.data];
    const shown = secret ? 'a value that is not shown' : JSON.stringify(given);
    throw new SightlineError(who.code, {
      what: `${name} is ${shown}, but must be ${expected}`,
      where: `environment of ${who.name}`,
      fix: `set ${name} to ${expected}, or unset it for the default`,
    });
  };
  return Object.fromEntries(Object.entries(variables).map(read)) as VariableValues<V>;
}
