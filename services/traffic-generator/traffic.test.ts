import { expect, onTestFinished, test, vi } from 'vitest';
import { buildBackendApi } from '../backend-api/backend-api.ts';
import { sample, scrape } from '../kit/testing/samples.ts';
import { temporaryDirectory } from '../kit/testing/temporary-directory.ts';
import { startTestService } from '../kit/testing/test-service.ts';
import { buildSync } from '../sync/sync.ts';
import { readTrafficSettings } from './settings.ts';
import { Traffic } from './traffic.ts';

const patience = { timeout: 20_000, interval: 50 };

function start(env: Record<string, string>): Traffic {
  const traffic = new Traffic(readTrafficSettings({ TRAFFIC_USERS: '2', TRAFFIC_RATE: '100', ...env }));
  traffic.start();
  onTestFinished(() => traffic.stop());
  return traffic;
}

test('users log in, work and listen; its own count is the one of the service', async () => {
  const directory = temporaryDirectory();
  const api = await startTestService('backend-api', buildBackendApi, directory);
  const sync = await startTestService('sync', buildSync, directory);
  const traffic = start({ BACKEND_API_URL: api.url, SYNC_URL: sync.url });
  await vi.waitFor(() => {
    const { requests, websockets } = traffic.statistics.snapshot();
    const kinds = requests.map(({ method, route, status }) => `${method} ${route} ${status}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'POST /login 200',
        'GET /tasks 200',
        'POST /tasks 201',
        'GET /tasks/:id 200',
        'PATCH /tasks/:id 200',
        'POST /tasks/:id/complete 200',
        'DELETE /tasks/:id 204',
        'GET /status 200',
      ]),
    );
    expect(websockets.connected).toBe(2);
  }, patience);
  traffic.stop();
  await vi.waitFor(async () => {
    const metrics = { 'backend-api': await scrape(api.url), sync: await scrape(sync.url) };
    for (const { service, method, route, status, count } of traffic.statistics.snapshot().requests) {
      const labels = { http_request_method: method, http_route: route, http_response_status_code: status };
      const exposition = metrics[service as keyof typeof metrics];
      expect(sample(exposition, 'http_server_request_duration_seconds_count', labels), route).toBe(count);
    }
  }, patience);
});

test('it goes on while the service is away, more quietly', async () => {
  const traffic = start({ BACKEND_API_URL: 'http://127.0.0.1:1', TRAFFIC_RATE: '500' });
  await vi.waitFor(() => {
    const { total, answered, skipped } = traffic.statistics.snapshot();
    expect([total > 20, answered, skipped > 20]).toEqual([true, 0, true]);
  }, patience);
});

test.each([
  ['TRAFFIC_RATE', 'fast'],
  ['TRAFFIC_RATE', '501'],
  ['TRAFFIC_SEED', '-1'],
  ['BACKEND_API_URL', 'nowhere'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readTrafficSettings({ [name]: value })).toThrow(`SL1701 ${name} is "${value}"`);
});
