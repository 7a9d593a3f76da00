import { describe, expect, it } from 'vitest';
import { but, expectRefusal, parse, prod } from './testing.ts';

describe('where samples are sent to', () => {
  it('is read with its queue and its rules', () => {
    expect(parse(prod)).toMatchObject({
      prometheus: {
        remoteWrite: {
          url: 'https://metrics.example.com/api/v1/push',
          auth: { scheme: 'bearer' },
          queue: { capacity: 10_000, maxShards: 10, maxSamplesPerSend: 2000 },
          relabel: [{ action: 'keep', labels: ['__name__'], regex: 'slo:.*|ALERTS|up' }],
        },
      },
    });
  });

  it.each<[string, from: string, to: string, key: string, said: string]>([
    [
      'an address that is none',
      'url: https://metrics',
      'url: metrics',
      'url: metrics',
      'an http or https address',
    ],
    ['a user with a token', 'scheme: bearer', 'scheme: bearer\n      user: me', 'auth', 'a user with basic'],
    ['basic without a user', 'scheme: bearer', 'scheme: basic', 'auth', 'a user with basic'],
    ['its token in the file', 'scheme: bearer', 'scheme: bearer\n      token: abc', 'token', 'no such key'],
    ['no shards', 'maxShards: 10', 'maxShards: 0', 'maxShards', 'a whole number from 1 to 1000'],
    ['an expression that is none', 'slo:.*|', 'slo:(', 'regex', 'a regular expression'],
    ['a label that is none', '[__name__]', '[a-b]', 'labels: [a-b]', 'the name of a label'],
    [
      'labels to drop labels by',
      'action: keep',
      'action: labeldrop',
      '- action',
      'labelkeep or labeldrop without',
    ],
    ['an action that sends nothing', 'action: keep', 'action: replace', '- action', 'one of keep, drop'],
  ])('with %s is refused', (_, from, to, key, said) => {
    expectRefusal(but(prod, from, to), key, said);
  });
});
