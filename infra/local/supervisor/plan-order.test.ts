import { describe, expect, it } from 'vitest';
import type { ProcessSpec } from '../process-spec.ts';
import { startOrder, stopOrder } from './plan-order.ts';

function spec(
  name: string,
  ports: readonly number[],
  after: readonly string[] = [],
  stopAfter: readonly string[] = [],
): ProcessSpec {
  return {
    name,
    kind: 'component',
    title: name,
    run: { script: 'none.ts', args: [] },
    env: {},
    ports,
    health: { kind: 'http', url: 'http://127.0.0.1:1/' },
    after,
    stopAfter,
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

  it('ends every process after those that need it and those it stops after', () => {
    const order = stopOrder([
      spec('logs', [1], [], ['shipper']),
      spec('shipper', [2], ['db']),
      spec('db', [3]),
    ]);
    expect(order.map(({ spec: { name }, endsFirst }) => [name, endsFirst])).toEqual([
      ['shipper', []],
      ['logs', ['shipper']],
      ['db', ['shipper']],
    ]);
  });

  it.for([
    ['two on one port', [spec('a', [80]), spec('b', [80])], 'a and b both want port 80'],
    ['a port that does not exist', [spec('a', [65_536])], 'port 65536 does not exist'],
    ['two of one name', [spec('a', [1]), spec('a', [2])], 'two processes have one name'],
    ['a circle', [spec('a', [1], ['b']), spec('b', [2], ['a'])], 'they wait for each other'],
    ['a circle of stopping', [spec('a', [1], ['b'], ['b']), spec('b', [2])], 'they wait for each other'],
    ['an unknown need', [spec('a', [1], ['x'])], 'nothing is called "x"'],
    ['a name that is a path', [spec('../a', [1])], '"../a" is no name'],
  ] as const)('refuses %s', ([, processes, message]) => {
    expect(() => startOrder(processes)).toThrow(`SL1304 the plan of processes is not possible: ${message}`);
  });
});
