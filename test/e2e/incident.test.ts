import { afterAll, describe, expect, inject, it } from 'vitest';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

interface Incident {
  readonly dedupKey: string;
  readonly state: string;
}

interface Received {
  readonly channel: string;
  readonly message: { readonly attachments?: readonly Readonly<Record<string, unknown>>[] };
}

describe('an incident, from the fault to the page and back', () => {
  const stack = new StackClient(inject('stack'));
  const deadlineMs = 150_000;

  afterAll(async () => {
    await stack.cli(['fault', '--clear']);
  });

  const incidents = async (): Promise<readonly Incident[]> => {
    const all = await stack.json<{ incidents: Incident[] }>(stack.url('inbox', '/api/incidents'));
    return all.incidents.filter((incident) => JSON.stringify(incident).includes('HighErrorRatio'));
  };
  const slackMessages = async (): Promise<readonly Received[]> => {
    const all = await stack.json<{ messages: Received[] }>(
      stack.url('inbox', '/api/messages?channel=incidents&limit=100'),
    );
    return all.messages.filter((message) => JSON.stringify(message).includes('HighErrorRatio'));
  };

  /** Another test's faults may still be firing, and its pages be in the inbox. */
  const quietBefore = async (): Promise<void> => {
    await stack.cli(['fault', '--clear']);
    await waitFor(
      'Alertmanager to hold no alert of this family',
      async () => {
        const alerts = await stack.json<unknown[]>(
          stack.url('alertmanager', '/api/v2/alerts?filter=alertname%3D%22HighErrorRatio%22'),
        );
        const open = (await incidents()).some(({ state }) => state !== 'resolved');
        return alerts.length === 0 && !open ? true : undefined;
      },
      deadlineMs,
    );
    const cleared = await fetch(stack.url('inbox', '/api/messages'), { method: 'DELETE' });
    expect(cleared.status).toBe(204);
    expect(await incidents()).toEqual([]);
  };

  it('fires, is grouped into one page and one message with its links, and is resolved', async () => {
    await quietBefore();
    const injected = await stack.cli(['fault', 'backend-api', 'errors', '--rate', '0.9', '--for', '5m']);
    expect(injected.stderr + injected.stdout).toContain('backend-api');
    expect(injected.code).toBe(0);

    await waitFor(
      'HighErrorRatio to fire in Prometheus',
      async () => {
        const firing = await stack.prometheus(
          'ALERTS{alertname="HighErrorRatio", severity="critical", alertstate="firing"}',
        );
        return firing.length === 1 ? firing : undefined;
      },
      deadlineMs,
    );
    const [paged] = await waitFor('one page', async () => {
      const found = await incidents();
      return found.length > 0 ? found : undefined;
    });
    expect(paged?.state).toBe('triggered');
    const [announced] = await waitFor('one message in #incidents', async () => {
      const found = await slackMessages();
      return found.length > 0 ? found : undefined;
    });
    const text = JSON.stringify(announced);
    expect(text).toMatch(/% of the requests to backend-api fail/);
    expect(text).toContain(stack.url('inbox', '/runbooks/high-error-ratio'));
    expect(text).toContain(stack.url('preview', '/d/service-overview'));

    const runbook = await fetch(stack.url('inbox', '/runbooks/high-error-ratio'));
    expect(runbook.status).toBe(200);
    expect(await runbook.text()).toContain('Diagnosis');

    expect((await stack.cli(['fault', '--clear', 'backend-api'])).code).toBe(0);
    await waitFor(
      'the page to be resolved',
      async () => {
        const found = await incidents();
        return found.every(({ state }) => state === 'resolved') ? found : undefined;
      },
      deadlineMs,
    );
    const messages = await waitFor('the message that it is over', async () => {
      const found = await slackMessages();
      return found.some((message) => /resolved/i.test(JSON.stringify(message))) ? found : undefined;
    });
    // One incident, told twice: that it began and that it ended.
    expect(await incidents()).toHaveLength(1);
    expect(messages).toHaveLength(2);
  }, 420_000);
});
