import { messageTemplates } from '../../alerts/message-templates.ts';
import type { MuteWindow } from '../../alerts/mute-windows.ts';
import type { Inhibition, LabelMatcher, Route, RouteTiming, Routing } from '../../alerts/routing.ts';
import { scaleDuration } from '../../telemetry/query/scale-time.ts';
import { type IntegrationOptions, integrationConfigs } from './integrations.ts';
import { toYaml } from './yaml.ts';

export interface AlertmanagerOptions extends IntegrationOptions {
  /** Waiting times are divided by this; 1 everywhere but in tests. */
  readonly timeScale: number;
  /** Where Alertmanager finds the templates, e.g. `/etc/alertmanager/templates/*.tmpl`. */
  readonly templatesGlob: string;
}

/** Files by path relative to Alertmanager's configuration directory. */
export function renderAlertmanager(
  routing: Routing,
  options: AlertmanagerOptions,
): ReadonlyMap<string, string> {
  return new Map([
    ['alertmanager.yml', toYaml(alertmanagerConfig(routing, options))],
    ['templates/sightline.tmpl', messageTemplates],
  ]);
}

function alertmanagerConfig(routing: Routing, options: AlertmanagerOptions) {
  const { root, muteWindows, inhibitions, receivers } = routing;
  return {
    global: {},
    templates: [options.templatesGlob],
    route: {
      receiver: root.receiver,
      group_by: root.groupBy,
      ...timing(root, options.timeScale),
      routes: root.routes.map((each) => route(each, options.timeScale)),
    },
    ...(muteWindows.length > 0 && { time_intervals: muteWindows.map(timeInterval) }),
    inhibit_rules: inhibitions.map(inhibition),
    receivers: receivers.map(({ name, integrations }) => ({
      name,
      ...integrationConfigs(integrations, options),
    })),
  };
}

const route = (each: Route, timeScale: number) => ({
  receiver: each.receiver,
  matchers: each.matchers.map(matcher),
  ...timing(each, timeScale),
  ...(each.quietInside && { mute_time_intervals: each.quietInside }),
  ...(each.quietOutside && { active_time_intervals: each.quietOutside }),
  ...(each.continues && { continue: true }),
});

const matcher = ({ label, operator, value }: LabelMatcher): string => `${label}${operator}"${value}"`;

const inhibition = ({ source, target, equal }: Inhibition) => ({
  source_matchers: source.map(matcher),
  target_matchers: target.map(matcher),
  equal,
});

const timeInterval = ({ name, timeZone, weekdays, times }: MuteWindow) => ({
  name,
  time_intervals: [
    {
      ...(times && {
        times: times.map((span) => span.split('-')).map(([from, to]) => ({ start_time: from, end_time: to })),
      }),
      weekdays,
      location: timeZone,
    },
  ],
});

function timing({ groupWait, groupInterval, repeatInterval }: RouteTiming, timeScale: number) {
  return {
    ...(groupWait && { group_wait: scaleDuration(groupWait, timeScale) }),
    ...(groupInterval && { group_interval: scaleDuration(groupInterval, timeScale) }),
    ...(repeatInterval && { repeat_interval: scaleDuration(repeatInterval, timeScale) }),
  };
}
