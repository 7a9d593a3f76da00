import { expect, test } from 'vitest';
import { dockerHost } from './docker-host.ts';

/** Where there is no program `docker`. */
const host = dockerHost({ PATH: '/nowhere' });

test('without the program docker every call says so', async () => {
  const refused = { code: 'SL1314', message: expect.stringContaining('docker ps') };
  await expect(host.faults()).rejects.toMatchObject(refused);
  await expect(host.held()).rejects.toMatchObject(refused);
  await expect(host.release('loki')).rejects.toMatchObject(refused);
  await expect(host.hold('loki', 60, () => undefined)).rejects.toMatchObject(refused);
});

test('a fault that cannot be is refused before anything is asked', async () => {
  const request = { service: 'audit', kind: 'latency', seconds: 60, rate: 3 } as const;
  await expect(host.begin(request)).rejects.toMatchObject({ code: 'SL1706' });
});

test.each([0, 86_401, 999_999 * 3600])('a process is not held down for %d seconds', async (seconds) => {
  await expect(host.hold('loki', seconds, () => undefined)).rejects.toMatchObject({ code: 'SL1706' });
});
