import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ReceivedMessage } from '../../alerts/inbox/store.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { runCli } from '../support/cli.ts';
import { completeRecurringTask, labelsOfLine, linesOfAllServices } from '../support/followed-request.ts';
import { TasksUser } from '../support/tasks-user.ts';
import { startTool } from '../support/tools.ts';
import { waitFor } from '../support/wait.ts';
import { dockerProgram } from './docker-program.ts';
import { logSender, sentLines } from './log-sender.ts';
import { whyNoContainers } from './podman-service.ts';
import { type RunningContainers, runDump } from './running-containers.ts';

const reason = await whyNoContainers();

describe('what Pulumi would make on a Docker host', () => {
  let made: RunningContainers | undefined;
  beforeAll(async () => {
    if (reason === undefined) made = await runDump();
  });
  afterAll(() => made?.stop());

  const stack = (): RunningContainers => {
    if (!made) throw new Error('no container was made');
    return made;
  };

  it('is one network, named volumes, and a container for each of the plan', (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { plan, declared, running, missing } = stack();
    expect(declared.networks).toEqual(['sightline']);
    expect(new Set([...running, ...missing.keys()])).toEqual(
      new Set(plan.containers.map(({ name }) => `sightline-${name}-1`)),
    );
    console.log(`${running.length} containers run`);
  });

  it('runs Grafana', (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { missing, running } = stack();
    const why = missing.get('sightline-grafana-1');
    if (why !== undefined) return context.skip(why);
    expect(running).toContain('sightline-grafana-1');
  });

  it('is scraped, all of it, with the target labels of every target', async (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { plan, client } = stack();
    const expected = plan.stack.instances.flatMap(({ address, placement }) =>
      address === undefined ? [] : [placement.service],
    );
    const up = await waitFor('every target to be up', async () => {
      const found = await client.prometheus('up == 1');
      return found.length >= expected.length ? found : undefined;
    });
    expect(up.map(({ metric }) => metric.service).sort()).toEqual(expected.sort());
    for (const { metric } of up) {
      const { instance, ...labels } = metric;
      expect(labels).toEqual({
        __name__: 'up',
        cluster: 'docker',
        environment: 'docker',
        namespace: serviceNames.some((name) => name === metric.service) ? 'tasks' : labels.namespace,
        service: metric.service,
        job: metric.service,
        container: metric.service,
        pod: `sightline-${metric.service}-1`,
      });
      expect(instance).toContain(`${metric.service}:`);
    }
    console.log(`${up.length} targets are up`);
  });

  it('answers a request through all five services, whose lines are in Loki with the same labels', async (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { client } = stack();
    const requestId = `docker-${randomBytes(6).toString('hex')}`;
    const answer = await completeRecurringTask(client, { 'x-request-id': requestId });
    expect(answer.status).toBe(200);
    const entries = await linesOfAllServices(client, requestId);
    for (const { labels, metadata } of entries) {
      expect(labels).toEqual(labelsOfLine(labels.service, 'docker', `sightline-${labels.service}-1`));
      expect(metadata).toMatchObject({ request_id: requestId, logger: expect.any(String) });
    }
  });

  it('takes logs over HTTP, and brings them to their organization in Loki', async (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { api, client } = stack();
    const message = `sent over HTTP ${randomBytes(6).toString('hex')}`;
    const send = await logSender(api, client, 'acme');
    const sent = await send([message]);
    expect(sent.status, sent.text).toBe(202);
    const labels = await waitFor(
      'the line in Loki',
      async () => (await sentLines(client, 'acme')).find(({ line }) => line.includes(message))?.labels,
    );
    expect(labels).toMatchObject({
      cluster: 'docker',
      environment: 'docker',
      service: 'shop',
      level: 'INFO',
    });
  });

  it('finds the lines of its canary, which has made a key for itself', async (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { client } = stack();
    const found = await waitFor('lines of the canary', async () => {
      const [series] = await client.prometheus('log_canary_lines_total{canary_verdict="found"} > 0');
      return series;
    });
    expect(found.metric).toMatchObject({ service: 'log-canary', pod: 'sightline-log-canary-1' });
  });

  it('has faults by npm run fault, which end, and processes that it holds down', async (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { api, client, socket } = stack();
    const { folder, env } = dockerProgram(socket);
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const fault = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runCli(['fault', '--docker', ...args], { env });
      expect(code, stderr).toBe(0);
      return stdout;
    };
    const login = async (): Promise<boolean> =>
      TasksUser.login(client).then(
        () => true,
        () => false,
      );
    expect(await fault('backend-api', 'errors', '--rate', '1', '--for', '10m')).toContain('at rate 1 until');
    await waitFor('a refusal', async () => ((await login()) ? undefined : true));
    expect(JSON.parse(await fault('--list', '--json'))).toMatchObject({
      active: [{ service: 'backend-api', kind: 'errors', rate: 1 }],
      held: [],
    });
    expect(await fault('--clear')).toContain('Faults ended: backend-api.');
    await waitFor('an answer', async () => ((await login()) ? true : undefined));

    const status = async (): Promise<string> => (await api.inspect('sightline-sync-1')).State.Status;
    const args = ['cli/boot.cjs', 'fault', '--docker', 'sync', 'stop', '--for', '1h'];
    const holding = startTool(process.execPath, args, env);
    onTestFinished(() => holding.stop());
    await waitFor('sync to be down', () => (holding.output().includes('is held down') ? true : undefined));
    expect(await status(), holding.output()).toBe('exited');
    const ended = once(holding.process, 'exit');
    holding.process.kill('SIGINT');
    expect(await ended, holding.output()).toEqual([130, null]);
    expect(await status(), holding.output()).toBe('running');
  });

  it('keeps a heart beating, and tells people of a service that is stopped', async (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { api, client } = stack();
    const stopped = 'sightline-notification-1';
    await api.stopContainer(stopped, 10);
    const told = await waitFor(
      'a message about the stopped service',
      async () => {
        const { messages } = await client.json<{ messages: ReceivedMessage[] }>(
          client.url('inbox', '/api/messages?limit=1000&channel=alerts'),
        );
        return messages.find((message) => JSON.stringify(message).includes('notification'));
      },
      240_000,
    );
    expect(JSON.stringify(told)).toContain('ServiceDown');
    expect(JSON.stringify(told)).toContain('docker');
    await waitFor('a heartbeat of Alertmanager', async () => {
      const text = await (await fetch(client.url('inbox', '/metrics'))).text();
      return /^inbox_heartbeats_total [1-9]/m.test(text) ? true : undefined;
    });
    await api.startContainer(stopped);
    await waitFor('the service to be up again', async () => {
      const up = await client.prometheus('up{service="notification"} == 1');
      return up.length > 0 ? true : undefined;
    });
  }, 400_000);
});
