import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { MuteWindow } from '../../alerts/mute-windows.ts';
import { inboxPath } from '../../alerts/receivers.ts';
import { routingFor } from '../../alerts/routing.ts';
import { allRules } from '../../alerts/rules/index.ts';
import { type AlertmanagerOptions, renderAlertmanager } from './alertmanager.ts';

const local: AlertmanagerOptions = {
  timeScale: 1,
  templatesGlob: '/state/templates/*.tmpl',
  resolveSecret: ({ secretRef }) => ({
    kind: 'url',
    url: `http://127.0.0.1:3002${inboxPath({ secretRef })}`,
  }),
};

function rendered(options: AlertmanagerOptions) {
  const files = renderAlertmanager(routingFor(allRules), options);
  return { files, config: parse(files.get('alertmanager.yml') ?? '') };
}

describe('alertmanager.yml', () => {
  it('sends to the inbox where no secret is', () => {
    const { config } = rendered(local);
    const [heartbeat, incidents] = config.receivers;
    expect(heartbeat.webhook_configs).toEqual([
      { url: 'http://127.0.0.1:3002/heartbeat', send_resolved: false, timeout: '10s' },
    ]);
    expect(incidents.pagerduty_configs[0]).toMatchObject({ url: 'http://127.0.0.1:3002/v2/enqueue' });
    expect(incidents.slack_configs[0]).toMatchObject({
      api_url: 'http://127.0.0.1:3002/slack/incidents',
      send_resolved: true,
    });
  });

  it('names files of secrets, and never a value or another address', () => {
    const { config, files } = rendered({
      ...local,
      resolveSecret: ({ secretRef }) => ({ kind: 'file', path: `/secrets/${secretRef}` }),
    });
    const [heartbeat, incidents] = config.receivers;
    expect(heartbeat.webhook_configs[0].url_file).toBe('/secrets/HEARTBEAT_URL');
    expect(incidents.pagerduty_configs[0].routing_key_file).toBe('/secrets/PAGERDUTY_ROUTING_KEY');
    expect(incidents.slack_configs[0].api_url_file).toBe('/secrets/SLACK_WEBHOOK_URL_INCIDENTS');
    expect(files.get('alertmanager.yml')).not.toMatch(/https?:|routing_key:|api_url:/);
  });

  it('groups and repeats as designed, and scales all waiting for a test', () => {
    expect(rendered(local).config.route).toMatchObject({
      group_by: ['alertname', 'cluster', 'service'],
      repeat_interval: '4h',
    });
    const { route } = rendered({ ...local, timeScale: 10 }).config;
    expect(route).toMatchObject({ group_wait: '3s', group_interval: '30s', repeat_interval: '24m' });
    expect(route.routes[0]).toMatchObject({ group_wait: '0s', group_interval: '6s', repeat_interval: '5s' });
  });

  it('has mute windows as time intervals of the routes that they mute', () => {
    const window: MuteWindow = {
      name: 'office-hours-only',
      because: 'a test',
      severities: ['info'],
      quiet: 'outside',
      timeZone: 'Europe/Berlin',
      weekdays: ['monday', 'tuesday'],
      times: ['08:00-18:00'],
    };
    const routing = routingFor(allRules, { muteWindows: [window] });
    const config = parse(renderAlertmanager(routing, local).get('alertmanager.yml') ?? '');
    expect(config.time_intervals).toEqual([
      {
        name: 'office-hours-only',
        time_intervals: [
          {
            times: [{ start_time: '08:00', end_time: '18:00' }],
            weekdays: ['monday', 'tuesday'],
            location: 'Europe/Berlin',
          },
        ],
      },
    ]);
    expect(config.route.routes.at(-1)).toMatchObject({ active_time_intervals: ['office-hours-only'] });
    expect(rendered(local).config).not.toHaveProperty('time_intervals');
  });

  it('defines every template that it uses', () => {
    const { files } = rendered(local);
    const used = [...(files.get('alertmanager.yml') ?? '').matchAll(/template "([^"]+)"/g)].map(
      ([, name]) => name,
    );
    const defined = [...(files.get('templates/sightline.tmpl') ?? '').matchAll(/define "([^"]+)"/g)];
    expect(defined.map(([, name]) => name)).toEqual(expect.arrayContaining(used));
    expect(used.length).toBeGreaterThan(8);
  });
});
