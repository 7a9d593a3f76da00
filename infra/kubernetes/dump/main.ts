/** Runs the whole program with Pulumi's mocks in place of its engine, and prints what it declares, a line of JSON each. */
import { runtime } from '@pulumi/pulumi';
import { type Declared, stackVariable } from './declared.ts';

const declared: Declared[] = [];
await runtime.setMocks(
  {
    newResource: ({ type, name, inputs, custom }) => {
      declared.push({ type, name, custom: custom === true, inputs });
      // Nothing of the program waits for what a resource became.
      return { id: `${name}-id`, state: {} };
    },
    call: () => ({}),
  },
  'sightline',
  process.env[stackVariable],
);
await import('../../index.ts');
// Waits until everything that the program declared has been taken.
await runtime.disconnect();
for (const each of declared) process.stdout.write(`${JSON.stringify(each)}\n`);
