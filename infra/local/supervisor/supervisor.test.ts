import { describe, expect, it } from 'vitest';
import type { ProcessSpec } from '../process-spec.ts';
import { overallState, type ProcessStatus } from './status.ts';
import { startOrder } from './supervisor.ts';
import { elapsed } from './tool-states.ts';

function spec(name: string, ports: readonly number[], after: readonly string[] = []): ProcessSpec {
  return {
    name,
    kind: 'component',
    title: name,
    run: { script: 'none.ts', args: [] },
    env: {},
    ports,
    health: { kind: 'http', url: 'http://127.0.0.1:1/' },
    after,
    optional: false,
    pod: { namespace: 'n', pod: name, uid: 'u', container: name },
    stopTimeoutMs: 1_000,
  };
}

describe('the order of a plan', () => {
  it('puts every process after those that it needs', () => {
    const order = startOrder([spec('c', [1], ['b']), spec('b', [2], ['a']), spec('a', [3])]);
    expect(order.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it.for([
    ['two on one port', [spec('a', [80]), spec('b', [80])], 'a and b both want port 80'],
    ['a port that does not exist', [spec('a', [65_536])], 'port 65536 does not exist'],
    ['two of one name', [spec('a', [1]), spec('a', [2])], 'two processes have one name'],
    ['a circle', [spec('a', [1], ['b']), spec('b', [2], ['a'])], 'they wait for each other'],
    ['an unknown need', [spec('a', [1], ['x'])], 'nothing is called "x"'],
    ['a name that is a path', [spec('../a', [1])], '"../a" is no name'],
  ] as const)('refuses %s', ([, processes, message]) => {
    expect(() => startOrder(processes)).toThrow(`SL1304 the plan of processes is not possible: ${message}`);
  });
});

describe('the state of the stack', () => {
  const process = (change: Partial<ProcessStatus>) =>
    ({ state: 'running', health: 'healthy', optional: false, ...change }) as ProcessStatus;

  it.for([
    [[], 'healthy'],
    [[{ state: 'starting', health: 'unknown' }], 'starting'],
    [[{ state: 'waiting', health: 'unknown' }], 'starting'],
    [[{ state: 'running', health: 'unhealthy' }], 'degraded'],
    [[{ state: 'unavailable' }, { state: 'starting' }], 'degraded'],
    [[{ state: 'held' }], 'degraded'],
    [[{ state: 'backoff' }], 'degraded'],
    [
      [
        { state: 'unavailable', optional: true },
        { state: 'starting', optional: true },
      ],
      'healthy',
    ],
  ] as const)('%j makes it %s', ([changes, state]) => {
    expect(overallState([process({}), ...changes.map(process)])).toBe(state);
  });
});

it('says elapsed time shortly', () => {
  expect([0, 59_900, 72_000, 3_605_000].map(elapsed)).toEqual(['0s', '59s', '1m12s', '60m05s']);
});
