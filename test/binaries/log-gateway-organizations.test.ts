import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayWithLoki } from './support/gateway-with-loki.ts';

let pipeline: GatewayWithLoki;
beforeAll(async () => {
  pipeline = await GatewayWithLoki.start();
});
afterAll(() => pipeline?.stop());

describe('organizations', () => {
  it('see their own entries only, in searches and patterns', async () => {
    const entry = { service: 'shared', level: 'error', message: 'a secret of acme' };
    await pipeline.write([entry]);
    await pipeline.write([{ ...entry, message: 'of globex' }], pipeline.globexKey);
    await pipeline.found({ service: 'shared' }, 1);
    const [own, ...more] = await pipeline.found({ service: 'shared' }, 1, pipeline.globexKey);
    expect([own?.message, more]).toEqual(['of globex', []]);
    const { text } = await pipeline.get('/api/v1/logs/patterns', {}, pipeline.globexKey);
    expect(text).not.toContain('acme');
  });

  it.each(['acme', 'acme|globex', 'globex|acme', '../acme', 'acme,globex'])(
    '%j is refused to the other’s key, in a parameter and in a header',
    async (organization) => {
      for (const path of ['/api/v1/logs/search', '/api/v1/logs/patterns', '/api/v1/logs/tail']) {
        expect([400, 403]).toContain((await pipeline.get(path, { organization }, pipeline.globexKey)).status);
        const headers = { 'x-scope-orgid': organization };
        expect((await pipeline.get(path, {}, pipeline.globexKey, headers)).status).toBe(403);
      }
    },
  );
});
