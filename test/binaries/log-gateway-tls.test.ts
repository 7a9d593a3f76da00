import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { startTestGateway } from '../../services/log-gateway/testing/test-gateway.ts';
import { selfSigned } from '../support/certificates.ts';

it('the gateway is HTTPS where it has a certificate, its WebSockets too', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-gateway-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const made = await selfSigned(directory, 'gateway');
  const files = { TLS_CERTIFICATE_FILE: made.certificate, TLS_KEY_FILE: made.key };
  const gateway = await startTestGateway(files);
  expect(gateway.url).toMatch(/^https:/);
  const ca = readFileSync(made.certificate);
  const trusting = new Agent({ connect: { ca } });
  onTestFinished(() => trusting.close());
  const { statusCode } = await request(`${gateway.url}/api/v1/logs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key(['write'])}`, 'content-type': 'application/json' },
    body: '{"message":"m"}',
    dispatcher: trusting,
  });
  expect(statusCode).toBe(202);
  await expect(fetch(`${gateway.url}/health`)).rejects.toThrow();
  const socket = new WebSocket(`${gateway.url.replace('https', 'wss')}/api/v1/logs/tail`, { ca });
  const refused = await new Promise((resolve) => {
    socket.once('unexpected-response', (_, { statusCode: status }) => resolve(status));
    socket.on('error', resolve);
  });
  expect(refused).toBe(401);
  socket.terminate();
  await expect(startTestGateway({ ...files, TLS_KEY_FILE: made.certificate })).rejects.toMatchObject({
    code: 'SL1709',
  });
});
