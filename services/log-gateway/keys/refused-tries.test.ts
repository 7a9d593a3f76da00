import { expect, it } from 'vitest';
import { send, startTestGateway } from '../testing/test-gateway.ts';

it('tries with wrong keys are limited, and good keys of the same address are not', async () => {
  const gateway = await startTestGateway();
  const key = gateway.key(['write']);
  const post = async (who: string): Promise<number> =>
    (await send(`${gateway.url}/api/v1/logs`, { key: who, body: '{"message":"m"}' })).status;
  const tries = await Promise.all(Array.from({ length: 310 }, () => post('nobodys-key')));
  expect(tries.filter((status) => status === 401)).toHaveLength(300);
  expect(tries.filter((status) => status === 429)).toHaveLength(10);
  expect(await post(key)).toBe(202);
});
