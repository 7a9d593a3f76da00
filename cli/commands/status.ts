import { Command } from 'commander';
import { readStackStatus } from '../../infra/local/supervisor/control-client.ts';
import { stoppedStack } from '../../infra/local/supervisor/status.ts';
import { heartbeatLine, readHeartbeat } from '../heartbeat.ts';
import { printStack } from '../output/status-printer.ts';
import {
  type RawStackOptions,
  resolveStackOptions,
  stackCommand,
  withStackOptions,
} from '../stack-options.ts';

const examples = `
Examples:
  npm run status
  npm run status -- --json
  npm run status -- --port-offset 10000

Exit code: 0 every needed process is healthy, 1 starting, degraded, stopping or stopped.`;

export function statusCommand(): Command {
  return withStackOptions(new Command('status'))
    .option('--json', 'as JSON, for scripts')
    .addHelpText('after', examples)
    .action(async (options: RawStackOptions & { readonly json?: boolean }) => {
      const stack = resolveStackOptions(options);
      const { stateDir, portOffset } = stack;
      const status = (await readStackStatus(stateDir)) ?? stoppedStack(stateDir, portOffset);
      const heartbeat = await readHeartbeat(status);
      if (options.json) process.stdout.write(`${JSON.stringify({ ...status, heartbeat }, null, 2)}\n`);
      else if (status.supervisor === null)
        process.stdout.write(
          `No stack is running (${stateDir}). Start it: ${stackCommand('start', stack)}\n`,
        );
      else {
        printStack(status, process.stdout);
        process.stdout.write(`${heartbeatLine(heartbeat, Date.now())}\n`);
      }
      process.exitCode = status.state === 'healthy' ? 0 : 1;
    });
}
