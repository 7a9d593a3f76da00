import path from 'node:path';
import { expect, it } from 'vitest';
import { maxPortOffset } from '../infra/local/ports.ts';
import { repositoryRoot } from '../infra/repository.ts';
import { resolveStackOptions, stackCommand } from './stack-options.ts';

it('has a stack per offset below the repository, or where one is told', () => {
  expect(resolveStackOptions({})).toEqual({
    portOffset: 0,
    stateDir: path.join(repositoryRoot, '.sightline/stack-0'),
  });
  expect(resolveStackOptions({ portOffset: '10000' }).stateDir).toBe(
    path.join(repositoryRoot, '.sightline/stack-10000'),
  );
  expect(resolveStackOptions({ portOffset: '7', stateDir: '/else' })).toEqual({
    portOffset: 7,
    stateDir: '/else',
  });
  expect(path.isAbsolute(resolveStackOptions({ stateDir: 'relative' }).stateDir)).toBe(true);
});

it.for(['-1', '1.5', 'x', '', ' 5', '1e3', String(maxPortOffset + 1), '999999'])(
  'refuses the offset "%s"',
  (portOffset) => {
    expect(() => resolveStackOptions({ portOffset })).toThrow(/^SL1007 .* is no port offset/);
  },
);

it('takes the largest offset', () => {
  expect(resolveStackOptions({ portOffset: String(maxPortOffset) }).portOffset).toBe(maxPortOffset);
});

it('names a command with what it takes to reach the same stack', () => {
  expect(stackCommand('start', resolveStackOptions({}))).toBe('npm start');
  expect(stackCommand('down', resolveStackOptions({ portOffset: '7' }))).toBe(
    'npm run down -- --port-offset 7',
  );
  expect(stackCommand('status', resolveStackOptions({ portOffset: '7', stateDir: '/else' }))).toBe(
    'npm run status -- --port-offset 7 --state-dir /else',
  );
});
