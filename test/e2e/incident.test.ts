import { afterAll, describe, expect, inject, it } from 'vitest';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

interface Incident {
  readonly class: string;
  readonly component: string;
  readonly state: string;
  readonly summary: string;
  readonly links: readonly { readonly href: string; readonly text?: string }[];
  readonly events: readonly { readonly action: string }[];
}

interface Received {
  readonly message: {
    readonly attachments: readonly { readonly title: string; readonly text: string }[];
  };
}

const page = 'BackendApiRequestErrorsBurnRate';
const symptom = 'HighErrorRatio';

describe('an incident, from the fault to the page and back', () => {
  const stack = new StackClient(inject('stack'));
  const deadlineMs = 150_000;
  /** A burn rate ends when half an hour is good again: three minutes here, and some for the counts of five minutes. */
  const burnEndsMs = 420_000;

  afterAll(async () => {
    await stack.cli(['fault', '--clear']);
  });

  /** Of any alert: nobody is to be paged twice for one failure. */
  const incidents = async (): Promise<readonly Incident[]> =>
    (await stack.json<{ incidents: Incident[] }>(stack.url('inbox', '/api/incidents'))).incidents;
  const attachmentsIn = async (channel: string) => {
    const { messages } = await stack.json<{ messages: Received[] }>(
      stack.url('inbox', `/api/messages?channel=${channel}&limit=100`),
    );
    return messages.flatMap(({ message }) => message.attachments);
  };
  const titlesIn = async (channel: string): Promise<readonly string[]> =>
    (await attachmentsIn(channel)).map(({ title }) => title);
  const firing = (alertname: string, severity: string) =>
    stack.prometheus(
      `ALERTS{alertname="${alertname}", severity="${severity}", service="backend-api", alertstate="firing"}`,
    );

  /** Another test's faults may still be firing, and its pages be in the inbox. */
  const quietBefore = async (): Promise<void> => {
    await stack.cli(['fault', '--clear']);
    await waitFor(
      'every page to be over',
      async () => {
        const active = await stack.prometheus(
          `ALERTS{severity="critical"} or ALERTS{alertname="${symptom}"}`,
        );
        const open = (await incidents()).filter(({ state }) => state !== 'resolved');
        if (active.length + open.length > 0)
          throw new Error(JSON.stringify([...active.map(({ metric }) => metric), ...open]));
        return true;
      },
      burnEndsMs,
    );
    const cleared = await fetch(stack.url('inbox', '/api/messages'), { method: 'DELETE' });
    expect(cleared.status).toBe(204);
    expect(await incidents()).toEqual([]);
  };

  it('is one page and one message with their links, and both are resolved', async () => {
    await quietBefore();
    const injected = await stack.cli(['fault', 'backend-api', 'errors', '--rate', '0.9', '--for', '5m']);
    expect(injected.stderr + injected.stdout).toContain('backend-api');
    expect(injected.code).toBe(0);

    await waitFor(
      `${page} to fire in Prometheus`,
      async () => ((await firing(page, 'critical')).length === 1 ? true : undefined),
      deadlineMs,
    );
    const summary = /^backend-api spends its error budget fast: .* bad \(backend-api-request-errors\)$/;
    const runbook = stack.url('inbox', '/runbooks/slo-errors-burn-rate');
    const dashboard = `${stack.url('preview', '/d/slos')}?`;
    const paged = await waitFor('a page', async () => (await incidents())[0]);
    expect(paged).toMatchObject({
      class: page,
      component: 'backend-api',
      state: 'triggered',
      summary: expect.stringMatching(summary),
      links: expect.arrayContaining([
        { href: runbook, text: 'Runbook' },
        { href: expect.stringContaining(dashboard), text: 'Dashboard' },
      ]),
    });
    const announced = await waitFor(
      'a message in #incidents',
      async () => (await attachmentsIn('incidents'))[0],
    );
    expect(announced.title).toBe(`[CRITICAL] ${page} · backend-api (local)`);
    expect(announced.text).toMatch(
      /\*backend-api spends its error budget fast: .*\(backend-api-request-errors\)\*/,
    );
    expect(announced.text).toContain(`<${runbook}|Runbook>`);
    expect(announced.text).toContain(`<${dashboard}`);
    const shown = await fetch(runbook);
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain('Diagnosis');

    // The symptom comes minutes later, to #alerts alone.
    await waitFor(
      `${symptom} to be told in #alerts`,
      async () =>
        (await titlesIn('alerts')).includes(`[WARNING] ${symptom} · backend-api (local)`) ? true : undefined,
      deadlineMs,
    );
    expect((await incidents()).map((incident) => [incident.class, incident.component])).toEqual([
      [page, 'backend-api'],
    ]);
    expect(await titlesIn('incidents')).toEqual([`[CRITICAL] ${page} · backend-api (local)`]);

    expect((await stack.cli(['fault', '--clear', 'backend-api'])).code).toBe(0);
    await waitFor(
      'the symptom to end',
      async () => ((await firing(symptom, 'warning')).length === 0 ? true : undefined),
      deadlineMs,
    );
    await waitFor(
      'the page to be resolved',
      async () => ((await incidents()).every(({ state }) => state === 'resolved') ? true : undefined),
      burnEndsMs,
    );
    await waitFor('the message that it is over', async () =>
      (await titlesIn('incidents')).some((title) => title.startsWith('[RESOLVED]')) ? true : undefined,
    );
    // One incident, told twice: that it began and that it ended.
    expect((await incidents()).map(({ events }) => events.map(({ action }) => action))).toEqual([
      ['trigger', 'resolve'],
    ]);
    expect(await titlesIn('incidents')).toEqual([
      `[RESOLVED] ${page} · backend-api (local)`,
      `[CRITICAL] ${page} · backend-api (local)`,
    ]);
  }, 1_500_000);
});
