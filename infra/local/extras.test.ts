import { expect, test } from 'vitest';
import { namesOf, parseExtras } from './extras.ts';

test.each([
  [[], []],
  [['dapr'], ['dapr']],
  [['kafka'], ['dapr', 'kafka']],
  [['kafka, dapr'], ['dapr', 'kafka']],
  [
    ['kafka', 'dapr', 'kafka'],
    ['dapr', 'kafka'],
  ],
])('%j is %j', (texts, extras) => {
  expect(parseExtras(texts)).toEqual(extras);
});

test.each(['', 'redis', 'dapr,'])('"%s" is refused, with what there is', (text) => {
  expect(() => parseExtras([text])).toThrow(/SL1007.*dapr or kafka/s);
});

test('none has a name too', () => {
  expect([namesOf([]), namesOf(['dapr', 'kafka'])]).toEqual(['nothing', 'dapr, kafka']);
});
