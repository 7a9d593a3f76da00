import { describe, expect, inject, it } from 'vitest';
import type { ReceivedMessage } from '../../alerts/inbox/store.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

describe('an alert about log lines, on the running stack', () => {
  const stack = new StackClient(inject('stack'));

  const messages = async (): Promise<readonly ReceivedMessage[]> => {
    const all = await stack.json<{ messages: ReceivedMessage[] }>(
      stack.url('inbox', '/api/messages?channel=alerts&limit=1000'),
    );
    return all.messages.filter((message) => JSON.stringify(message).includes('PasswordGuessing'));
  };
  const guess = async (password: string): Promise<number> => {
    const answer = await fetch(stack.url('backend-api', '/login'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'nobody-knows-me', password }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };

  it('is raised by Loki’s ruler when somebody guesses a password, and reaches the channel with its links', async () => {
    const { data } = await stack.json<{ data: { groups: { name: string }[] } }>(
      stack.url('loki', '/prometheus/api/v1/rules'),
      { 'X-Scope-OrgID': 'platform' },
    );
    expect(data.groups.map(({ name }) => name)).toEqual(['sightline.logs', 'sightline.logs-work']);
    expect(await messages()).toEqual([]);

    for (let attempt = 0; attempt < 15; attempt += 1) expect(await guess(`password-${attempt}`)).toBe(401);

    const [received] = await waitFor(
      'the message',
      async () => {
        const found = await messages();
        return found.length > 0 ? found : undefined;
      },
      120_000,
    );
    const [attachment] = received?.message.attachments ?? [];
    expect(attachment?.title).toBe('[WARNING] PasswordGuessing · backend-api (local)');
    const text = JSON.stringify(received);
    expect(text).toMatch(/1[1-5] logins of one account at backend-api were refused/);
    expect(text).toContain(stack.url('inbox', '/runbooks/password-guessing'));
    expect(text).toContain(stack.url('preview', '/explore?'));

    // Beside Prometheus' own, by the same labels: for annotations, the history and the noisiest.
    const [kept] = await waitFor('what fired, in Prometheus', async () => {
      const found = await stack.prometheus('ALERTS{alertname="PasswordGuessing", alertstate="firing"}');
      return found.length > 0 ? found : undefined;
    });
    expect(kept).toMatchObject({
      value: 1,
      metric: {
        ...{ severity: 'warning', service: 'backend-api', namespace: 'tasks' },
        ...{ cluster: 'local', environment: 'local' },
      },
    });

    const lines = await stack.loki(
      '{service="backend-api", level="WARNING"} |= `"message":"login refused"` | logger="auth" | user_id="nobody-knows-me"',
    );
    expect(lines).toHaveLength(15);
    await waitFor(
      'the message that it is over',
      async () =>
        (await messages()).some((message) => /RESOLVED/.test(JSON.stringify(message))) ? true : undefined,
      150_000,
    );
  }, 300_000);
});
