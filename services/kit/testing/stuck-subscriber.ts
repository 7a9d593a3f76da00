/** Run as a process: takes a delivery as the subscriber `audit`, says so, and never finishes it. */
import { EmbeddedTransport } from '../bus/embedded-transport.ts';
import { noTrouble } from './no-trouble.ts';

const [path = '', leaseMs = ''] = process.argv.slice(2);
const transport = new EmbeddedTransport({ path, subscriber: 'audit', leaseMs: Number(leaseMs) });
await transport.start(
  ['task-events'],
  () => {
    process.stdout.write('taken\n');
    return new Promise(() => {});
  },
  noTrouble,
);
