import { expect, onTestFinished, test, vi } from 'vitest';
import { buildAudit } from './audit/audit.ts';
import { buildBackendApi } from './backend-api/backend-api.ts';
import { TestSidecar } from './kit/testing/dapr-sidecar.ts';
import { sample, scrape } from './kit/testing/samples.ts';
import { temporaryDirectory } from './kit/testing/temporary-directory.ts';
import { call, logIn, startTestService } from './kit/testing/test-service.ts';

const patience = { timeout: 10_000, interval: 20 };

test('with a Dapr sidecar the same services speak through it', async () => {
  const directory = temporaryDirectory();
  const sidecar = await TestSidecar.start(20);
  onTestFinished(() => sidecar.close());
  const env = { DAPR_HTTP_PORT: String(sidecar.port) };
  const api = await startTestService('backend-api', buildBackendApi, directory, env);
  const audit = await startTestService('audit', buildAudit, directory, env);
  await sidecar.connect(api.url);
  await sidecar.connect(audit.url);
  expect((await call('GET', `${audit.url}/ready`)).status).toBe(200);
  const token = await logIn(api.url);
  const headers = { 'x-request-id': 'through-dapr' };
  await call('POST', `${api.url}/tasks`, { token, headers, body: { title: 'Through Dapr' } });
  await vi.waitFor(async () => {
    const { body } = await call<{ entries: object[] }>('GET', `${audit.url}/entries`);
    expect(body.entries).toMatchObject([{ type: 'sightline.task.created', request_id: 'through-dapr' }]);
  }, patience);
  const delivered = {
    http_request_method: 'POST',
    http_route: '/events/:topic',
    http_response_status_code: '200',
  };
  expect(sample(await scrape(audit.url), 'http_server_request_duration_seconds_count', delivered)).toBe(1);
});
