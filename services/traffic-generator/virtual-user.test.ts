import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { thresholds } from '../../telemetry/contract/thresholds.ts';
import { Client } from './client.ts';
import { Random } from './random.ts';
import { Statistics } from './statistics.ts';
import { VirtualUser } from './virtual-user.ts';

const right = 'right';

/** A user, and what was asked of a service that accepts one password and answers everything else with an empty object. */
async function newUser(): Promise<{ user: VirtualUser; statistics: Statistics }> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const isLogin = request.url === '/login';
    const refused = isLogin && JSON.parse(body).password !== right;
    response.writeHead(refused ? 401 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isLogin && !refused ? { token: 'token' } : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const statistics = new Statistics();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new Client({ 'backend-api': url }, new Random(1), statistics);
  return { user: new VirtualUser('demo-00', right, client, new Random(2)), statistics };
}

test('mistyped passwords stay well below the share that an alert takes for an attack', async () => {
  const { user, statistics } = await newUser();
  for (let request = 0; request < 1500; request += 1) await user.act();
  const logins = statistics.snapshot().requests.filter(({ route }) => route === '/login');
  const count = (status: string) => logins.find((login) => login.status === status)?.count ?? 0;
  expect(count('401')).toBeGreaterThan(0);
  const failed = count('401') / (count('401') + count('200'));
  expect(failed).toBeLessThan(thresholds.auth_failure_ratio_warning.default / 1.5);
  // And there are enough of them that a broken login is seen, at the default five requests a second.
  expect((5 * count('200')) / 1500).toBeGreaterThan(2 * thresholds.minimum_login_rate.default);
}, 60_000);

test('whoever is not logged in sends one login, however much they want to do', async () => {
  const { user, statistics } = await newUser();
  await Promise.all(Array.from({ length: 20 }, () => user.act()));
  expect(statistics.snapshot().requests).toMatchObject([{ route: '/login', count: 1 }]);
});
