import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { listenVariables, readVariables, type VariableValues } from '../../telemetry/environment.ts';
import { defaultSilenceSeconds } from './deadman.ts';

/** @param most seconds */
const seconds = (byDefault: number, most: number) => ({
  schema: z.coerce.number().min(1).max(most).default(byDefault),
  expected: `a number of seconds, 1 to ${most}`,
});

const variables = {
  ...listenVariables(componentPorts.inbox),
  DATA_DIR: { schema: z.string().min(1).default('data/inbox'), expected: 'a directory for what arrived' },
  HEARTBEAT_EXPECTED: {
    schema: z.enum(['yes', 'no']).default('yes'),
    expected: 'yes or no: whether Alertmanager sends its heartbeats here',
  },
  HEARTBEAT_SILENCE: seconds(defaultSilenceSeconds, 86_400),
  // As long as it may take to get the stack's tools.
  HEARTBEAT_GRACE: seconds(900, 86_400),
  DEADMAN_WEBHOOK_URL_FILE: {
    schema: z.string().min(1).optional(),
    expected: 'a file that holds the address of a webhook that takes what Slack does',
  },
} as const;

/** Where the inbox listens and keeps what it got, and when and to whom its dead man's switch speaks. */
export type InboxEnvironment = VariableValues<typeof variables>;

/** @throws SightlineError SL1511 */
export function readInboxEnvironment(env: NodeJS.ProcessEnv): InboxEnvironment {
  return readVariables(variables, env, { name: 'the inbox', code: 'SL1511' });
}
