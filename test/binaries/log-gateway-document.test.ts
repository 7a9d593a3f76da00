import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCommand } from '../../infra/local/toolchain/run-command.ts';
import { operations } from '../../services/log-gateway/api/operations.ts';
import { startTestGateway } from '../../services/log-gateway/testing/test-gateway.ts';
import { startLoki, startPrometheus } from '../preview/stores.ts';
import { pythonPackages } from '../support/python-packages.ts';
import { toolPath } from '../support/tools.ts';

/** Calls an API by its document, in every way that comes to its mind: <https://schemathesis.readthedocs.io>. */
const schemathesis = { name: 'schemathesis', version: '4.32.5' } as const;

/** Requests that are made up for each endpoint and phase; with more it looks longer. */
const examples = process.env.SCHEMATHESIS_EXAMPLES ?? '2';
const seed = process.env.SCHEMATHESIS_SEED ?? '1';
const timeoutMs = 3_600_000;

/**
 * Every check holds on every endpoint, but for what a JSON Schema cannot say: that a time is not too old, that one is
 * before the other, that a text is PromQL, that a key of idempotency is new. A batch with one bad entry is taken (207).
 * A tail that is let in does not end.
 */
const settings = (key: string): string => `
hooks = "hooks.py"
max-stream-events = 1
request-timeout = 60
continue-on-failure = true
[auth.openapi.bearer]
bearer = "${key}"
[auth.openapi.apiKey]
api_key = "${key}"
[headers]
X-Scope-OrgID = "platform"
[checks.negative_data_rejection]
expected-statuses = [207, 400, 401, 403, 405, 413, 415, 422, 431]
[[operations]]
include-path = "/api/v1/logs/tail"
generation.mode = "negative"
[[operations]]
include-method = "POST"
checks.positive_data_acceptance.enabled = false
[[operations]]
include-path-regex = "/(search|query|range)$"
checks.positive_data_acceptance.enabled = false
`;

/** Times of the last hour: most others are refused for their age. */
const hooks = `
import datetime
import schemathesis
from hypothesis import strategies

now = datetime.datetime.now(datetime.timezone.utc)
ago = strategies.integers(1, 3600).map(lambda seconds: now - datetime.timedelta(seconds=seconds))
schemathesis.openapi.format("date-time", ago.map(datetime.datetime.isoformat))
`;

const stops: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

it('schemathesis finds nothing that the served document does not say', {
  timeout: timeoutMs,
}, async (context) => {
  const packages = await pythonPackages(schemathesis);
  if ('missing' in packages) {
    context.skip(packages.missing);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'log-gateway-document-'));
  stops.push(() => rmSync(directory, { recursive: true, force: true }));
  const loki = await startLoki(await toolPath('loki'), directory);
  stops.push(loki.stop);
  const tools = { prometheus: await toolPath('prometheus'), promtool: await toolPath('promtool') };
  const prometheus = await startPrometheus(tools, directory);
  stops.push(prometheus.stop);
  const gateway = await startTestGateway(
    {
      LOKI_URL: loki.url,
      PROMETHEUS_URL: prometheus.url,
      LIMITS_REQUESTS_PER_MINUTE: '10000000',
      LIMITS_REFUSED_TRIES_PER_MINUTE: '10000000',
    },
    (stop) => stops.push(stop),
  );
  writeFileSync(join(directory, 'schemathesis.toml'), settings(gateway.key(['write', 'read'], ['*'])));
  writeFileSync(join(directory, 'hooks.py'), hooks);
  const args = [
    ...['--config-file', join(directory, 'schemathesis.toml'), 'run', `${gateway.url}/openapi.json`],
    ...['--no-color', '--max-examples', examples, '--seed', seed],
  ];
  const { exitCode, output } = await runCommand('python3', ['-m', 'schemathesis.cli', ...args], {
    cwd: directory,
    env: { ...process.env, PYTHONPATH: packages.path, PYTHONDONTWRITEBYTECODE: '1' },
    timeoutMs,
  });
  const [, summary = ''] = output.split('= SUMMARY =');
  console.log(`schemathesis: ${examples} examples, seed ${seed}${summary}`);
  expect(exitCode, output.slice(-20_000)).toBe(0);
  expect(summary).toContain(`Tested: ${operations({ searchLines: 1, searchRangeHours: 1 }).length}\n`);
});
