/** Runs the whole program with Pulumi's mocks in place of its engine, and prints what it declares, a line of JSON each. */
import { runtime } from '@pulumi/pulumi';
import { type Declared, stackVariable } from './declared.ts';

const declared: Declared[] = [];

/** What the program reads of a resource that was made: of images, what containers know them by. */
function becomes(type: string, name: string, inputs: Declared['inputs']): Record<string, unknown> {
  if (type === 'docker:index/remoteImage:RemoteImage') return { imageId: inputs.name };
  if (type === 'docker-build:index:Image') return { contextHash: `<context of ${name}>` };
  return type === 'docker:index/network:Network' ? { name: inputs.name } : {};
}

await runtime.setMocks(
  {
    newResource: ({ type, name, inputs, custom }) => {
      declared.push({ type, name, custom: custom === true, inputs });
      return { id: `${name}-id`, state: becomes(type, name, inputs) };
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
