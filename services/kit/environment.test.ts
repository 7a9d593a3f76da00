import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

test('defaults are those of the contract, and shared files lie beside the bus', () => {
  const env = readEnvironment('notification', { DATA_DIR: '/data/n', EVENT_BUS_PATH: '/data/bus.sqlite' });
  expect(env).toMatchObject({ PORT: 8002, HOST: '127.0.0.1', AUTH_SECRET_FILE: '/data/auth.secret' });
  expect(env.DAPR_HTTP_PORT).toBeUndefined();
  expect(readEnvironment('sync', { PORT: '' }).PORT).toBe(8003);
});

test.each([
  ['PORT', 'http'],
  ['PORT', '70000'],
  ['PORT', '80.5'],
  ['DAPR_HTTP_PORT', '0'],
  ['BACKEND_API_URL', 'ftp://example.org'],
  ['BACKEND_API_URL', 'backend-api'],
  ['AUDIT_MAX_ENTRIES', '5'],
  ['DEMO_USERS', '-1'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readEnvironment('audit', { [name]: value })).toThrow(
    new RegExp(`SL1701 ${name} is "${value}".*environment of audit.*Fix: set ${name}`),
  );
});

test('a secret is never shown', () => {
  const read = () => readEnvironment('audit', { AUTH_SECRET: 'hunter2' });
  expect(read).toThrow('SL1701 AUTH_SECRET');
  expect(read).not.toThrow('hunter2');
});
