/** Names the stack of the program that is dumped. */
export const stackVariable = 'SIGHTLINE_DUMP_STACK';

/** A resource as the program declares it to Pulumi. */
export interface Declared {
  /** Pulumi's type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly name: string;
  /** Whether a provider makes it; the others are components, which only hold resources together. */
  readonly custom: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
}
