import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Family, familiesOf, sharedIdentity } from '../../alerts/families.ts';
import type { Heartbeat } from '../../alerts/inbox/store.ts';
import { teamOf } from '../../alerts/ownership.ts';
import { inboxPath } from '../../alerts/receivers.ts';
import { routingFor } from '../../alerts/routing.ts';
import { type AnyAlertRule, deploymentLabels, ruleId } from '../../alerts/rule.ts';
import { type PostedAlert, type RunningAlertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { everyAlert } from '../support/every-alert.ts';
import { type RunningInbox, startInbox } from '../support/inbox.ts';
import { waitFor } from '../support/wait.ts';
import { receiversOf } from '../support/who-is-told.ts';

/** Waits of 30 s and 5 min become half a second and 5 s. */
const timeScale = 60;

let directory: string;
let inbox: RunningInbox;
let alertmanager: RunningAlertmanager;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'alert-every-rule-'));
  inbox = await startInbox(path.join(directory, 'inbox'));
  alertmanager = await startAlertmanager(directory, routingFor(everyAlert), {
    timeScale,
    resolveSecret: (secret) => ({ kind: 'url', url: inbox.url + inboxPath(secret) }),
  });
});

afterAll(async () => {
  await Promise.all([alertmanager?.stop(), inbox?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  expect((await fetch(`${inbox.url}/api/messages`, { method: 'DELETE' })).status).toBe(204);
});

/** An alert of the rule with all its labels; its summary says which one it is. */
function alertOf(rule: AnyAlertRule, subject: string, values: Readonly<Record<string, string>>): PostedAlert {
  const own = Object.fromEntries(rule.by.map((label) => [label, 'the-same']));
  const labels = { environment: 'local', ...own, ...values, alertname: rule.name, severity: rule.severity };
  return {
    labels: { ...labels, team: teamOf(rule, labels) },
    annotations: { summary: `${ruleId(rule)} of ${subject}` },
  };
}

/** `channel: summary` for each alert in each message, of whatever kind, and `page: summary` for each incident. */
async function arrived(state: 'firing' | 'resolved'): Promise<readonly string[]> {
  const isWanted = (resolved: boolean): boolean => resolved === (state === 'resolved');
  const messages = (await inbox.messages()).flatMap(({ channel, message }) =>
    (message.attachments ?? [])
      .filter(({ title = '' }) => isWanted(title.startsWith('[RESOLVED]')))
      .flatMap(({ text = '' }) => text.match(/\w+-\w+ of (?:audit|subject \d+)/g) ?? [])
      .map((summary) => `${channel}: ${summary}`),
  );
  const pages = (await inbox.incidents())
    .filter((incident) => isWanted(incident.state === 'resolved'))
    .map(({ summary }) => `page: ${summary}`);
  return [...messages, ...pages].toSorted();
}

/** What a receiver does with a message: an incident is paged and told, a heartbeat is no message. */
const outlets: Readonly<Record<string, readonly string[]>> = {
  incidents: ['page', 'incidents'],
  heartbeat: [],
};

const expectedOf = ({ labels, annotations }: PostedAlert): readonly string[] =>
  receiversOf(labels)
    .flatMap((receiver) => outlets[receiver] ?? [receiver])
    .map((outlet) => `${outlet}: ${annotations?.summary}`);

const arrivalOf = async (state: 'firing' | 'resolved', expected: readonly string[]): Promise<void> => {
  const missing = async () => new Set(expected).difference(new Set(await arrived(state)));
  await waitFor(`all ${expected.length} messages`, async () =>
    (await missing()).size === 0 ? true : undefined,
  ).catch(async (error: unknown) => {
    throw new Error(`these did not come: ${[...(await missing())].join(', ')}`, { cause: error });
  });
};

describe('an alert of every rule', () => {
  // A cluster each, so that none inhibits or joins another; and of the service whose team is told besides.
  const alerts = everyAlert.map((rule) =>
    alertOf(rule, 'audit', {
      cluster: ruleId(rule),
      ...(rule.by.includes('service') && { service: 'audit' }),
    }),
  );
  const expected = alerts.flatMap(expectedOf).toSorted();

  it('reaches its receivers and no other, and so does its end', async () => {
    expect(alerts.length).toBeGreaterThan(60);
    await alertmanager.post(alerts);
    await arrivalOf('firing', expected);
    expect(await arrived('firing')).toEqual(expected);
    const { heartbeat } = await inbox.ask<{ heartbeat: Heartbeat | null }>('/api/heartbeat');
    expect(heartbeat?.count).toBeGreaterThan(0);

    await alertmanager.post(
      alerts.filter(({ labels }) => labels.severity !== 'none'),
      'ended',
    );
    await arrivalOf('resolved', expected);
    expect(await arrived('resolved')).toEqual(expected);
  });

  it('of an unknown severity reaches the root’s receiver', async () => {
    const stranger = {
      labels: { alertname: 'Stranger', severity: 'odd' },
      annotations: { summary: 'Stranger-odd of audit' },
    };
    await alertmanager.post([stranger]);
    await arrivalOf('firing', ['alerts: Stranger-odd of audit']);
    expect(await arrived('firing')).toEqual(['alerts: Stranger-odd of audit']);
  });
});

describe('inhibition within a family', () => {
  const families = familiesOf(everyAlert).filter(({ tiers }) => tiers.length > 1);

  /** Subject n has the tiers from the nth down: of each, only the first may be told. */
  function subjectsOf(family: Family): readonly (readonly PostedAlert[])[] {
    const deployment: readonly string[] = deploymentLabels;
    const telling = sharedIdentity(family).find((label) => !deployment.includes(label)) ?? 'environment';
    return family.tiers.map((_, first) =>
      family.tiers
        .slice(first)
        .map((tier) =>
          alertOf(tier, `subject ${first}`, { cluster: `of-${family.name}`, [telling]: `subject-${first}` }),
        ),
    );
  }

  it('mutes the lesser tiers of the same subject, and of no other', async () => {
    expect(families.length).toBeGreaterThan(1);
    const subjects = families.flatMap(subjectsOf);
    const expected = subjects.flatMap(([first]) => (first ? expectedOf(first) : [])).toSorted();
    await alertmanager.post(subjects.flat());
    await arrivalOf('firing', expected);
    // Whatever was not muted has been told when a later one has.
    const last = {
      labels: { alertname: 'Last', severity: 'warning' },
      annotations: { summary: 'Last-warning of audit' },
    };
    await alertmanager.post([last]);
    await arrivalOf('firing', ['alerts: Last-warning of audit']);
    expect([...new Set(await arrived('firing'))]).toEqual(
      [...expected, 'alerts: Last-warning of audit'].toSorted(),
    );
  });
});
