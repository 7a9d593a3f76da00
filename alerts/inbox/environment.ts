import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { SightlineError } from '../../telemetry/errors.ts';

const variables = {
  PORT: z.coerce.number().int().min(0).max(65_535).default(componentPorts.inbox),
  HOST: z.string().min(1).max(255).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('data/inbox'),
};

const schema = z.object(variables);

/** Where the inbox listens and keeps what it got. Defaults are the contract's port, loopback and `data/inbox`. */
export type InboxEnvironment = z.infer<typeof schema>;

/** @throws SightlineError SL1511 */
export function readInboxEnvironment(env: NodeJS.ProcessEnv): InboxEnvironment {
  const given = Object.fromEntries(
    Object.keys(variables).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0]);
  throw new SightlineError('SL1511', {
    what: `${name} is ${JSON.stringify(given[name])}: ${issue?.message}`,
    where: 'environment of the inbox',
    fix: 'PORT is a TCP port (0 to 65535), HOST an address, DATA_DIR a directory; unset them for the defaults',
  });
}
