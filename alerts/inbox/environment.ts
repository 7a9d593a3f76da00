import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { listenVariables, readVariables, type VariableValues } from '../../telemetry/environment.ts';

const variables = {
  ...listenVariables(componentPorts.inbox),
  DATA_DIR: { schema: z.string().min(1).default('data/inbox'), expected: 'a directory for what arrived' },
} as const;

/** Where the inbox listens and keeps what it got. Defaults are the contract's port, loopback and `data/inbox`. */
export type InboxEnvironment = VariableValues<typeof variables>;

/** @throws SightlineError SL1511 */
export function readInboxEnvironment(env: NodeJS.ProcessEnv): InboxEnvironment {
  return readVariables(variables, env, { name: 'the inbox', code: 'SL1511' });
}
