import { describe, expect, it } from 'vitest';
import { useTestInbox } from './testing.ts';

const { post, json } = useTestInbox();

describe('other kinds of receivers', () => {
  const own = {
    version: '4',
    status: 'firing',
    commonLabels: { alertname: 'AuditRequestErrorsBurnRate', severity: 'critical', service: 'audit' },
    alerts: [{ status: 'firing', annotations: { summary: '<b> fails', description: 'why' } }],
  };
  const card = (...texts: readonly string[]) => ({
    attachments: [{ content: { body: texts.map((text) => ({ text })) } }],
  });
  const attachment = async (channel: string) =>
    (await json(`/api/messages?channel=${channel}`)).messages[0]?.message.attachments[0];

  it.each(['4', '1'])('take Alertmanager’s own JSON, version %s', async (version) => {
    expect((await post('/webhook/audit-log', { ...own, version })).status).toBe(204);
    expect(await attachment('audit-log')).toEqual({
      title: '[CRITICAL] AuditRequestErrorsBurnRate · audit',
      text: '&lt;b&gt; fails\nwhy',
    });
  });
  it('take the cards of Microsoft Teams', async () => {
    const text = '**a\\_b**\n\n[Runbook](https://r.test/x) · \\[x\\]\\(https://evil.test\\) \\<i\\>';
    expect((await post('/msteams/platform', card('[INFO] a\\_b', text))).status).toBe(204);
    expect(await attachment('platform')).toEqual({
      title: '[INFO] a_b',
      text: '*a_b*\n\n<https://r.test/x|Runbook> · [x](https://evil.test) &lt;i&gt;',
    });
  });
  it.each([
    ['/webhook/x', { hello: 1 }],
    ['/webhook/No%20Channel', own],
    ['/msteams/x', own],
    ['/msteams/x', card()],
  ])('refuse what is something else (to %s)', async (where, body) => {
    expect((await post(where, body)).status).toBe(400);
    expect(await json('/api/messages')).toEqual({ messages: [] });
  });
});
