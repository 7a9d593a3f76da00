import type { Scope } from './key-record.ts';

/** Who asks, and what they may do. */
export interface Caller {
  /** For rate limits and log lines: no secret. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** `*` is all of them. */
  readonly organizations: readonly string[];
}

export function mayUse({ organizations }: Pick<Caller, 'organizations'>, organization: string): boolean {
  return organizations.includes('*') || organizations.includes(organization);
}
