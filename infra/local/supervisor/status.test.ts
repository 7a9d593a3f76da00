import { describe, expect, it } from 'vitest';
import { overallState, type ProcessStatus } from './status.ts';

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
