import { severities } from '../telemetry/contract/links.ts';
import { type Team, teams } from '../telemetry/contract/teams.ts';
import type { Problem } from '../telemetry/errors.ts';
import { type AlertLabels, matchesAll, routesTaken } from './route-alert.ts';
import { type Inhibition, type Routing, watchdog } from './routing.ts';
import { type AnyAlertRule, deploymentLabels, ruleId } from './rule.ts';

/** Everything that can be said about the routing of these rules without running Alertmanager. */
export function checkRouting(routing: Routing, rules: readonly AnyAlertRule[]): readonly Problem[] {
  return [
    ...receiverProblems(routing),
    ...unreachableRoutes(routing),
    ...heartbeatProblems(routing),
    ...criticalProblems(routing),
    ...routing.inhibitions.flatMap((inhibition) => inhibitionProblems(inhibition, rules)),
  ];
}

/** Whether every receiver exists, is used, and tells somebody. */
function receiverProblems(routing: Routing): Problem[] {
  const declared = new Set<string>(routing.receivers.map(({ name }) => name));
  const used = new Set<string>([
    routing.root.receiver,
    ...routing.root.routes.map(({ receiver }) => receiver),
  ]);
  const problem = (name: string, what: string): Problem => ({
    code: 'SL1509',
    where: `receiver ${name}`,
    what,
    fix: 'make alerts/routing.ts, alerts/team-routes.ts and alerts/receivers.ts agree',
  });
  return [
    ...[...used].filter((name) => !declared.has(name)).map((name) => problem(name, 'it is not declared')),
    ...[...declared].filter((name) => !used.has(name)).map((name) => problem(name, 'no route leads to it')),
    ...routing.receivers
      .filter(({ integrations }) => integrations.length === 0)
      .map(({ name }) => problem(name, 'it tells nobody')),
  ];
}

/** One alert of each sort that routes tell apart. */
const sorts: readonly (AlertLabels & { readonly severity: string })[] = severities.flatMap((severity) =>
  (Object.keys(teams) as Team[]).map((team) => ({
    alertname: severity === 'none' ? watchdog : 'AnyOther',
    severity,
    team,
  })),
);

function unreachableRoutes(routing: Routing): Problem[] {
  const reached = new Set(sorts.flatMap((labels) => routesTaken(routing, labels)));
  return routing.root.routes
    .filter((route) => !reached.has(route))
    .map(({ receiver, matchers }) => ({
      code: 'SL1521',
      where: `route to ${receiver}, ${matchers.map(({ label, operator, value }) => label + operator + value).join(', ')}`,
      what: 'no alert takes it: an earlier route takes them all',
      fix: 'in alerts/team-routes.ts, at most one route of a team and severity can be `instead`, and it comes last',
    }));
}

/** The heartbeat must arrive whatever else happens: first, alone, at all hours, inhibited by nothing. */
function heartbeatProblems({ root, inhibitions }: Routing): Problem[] {
  const [first, ...others] = root.routes;
  const labels = { alertname: watchdog, severity: 'none' };
  const complaints = [
    ...(first?.receiver !== 'heartbeat' || !matchesAll(first.matchers, labels)
      ? ['its route is not the first']
      : []),
    ...(first && matchesAll(first.matchers, { ...labels, alertname: 'AnyOther' })
      ? ['other alerts take its route and would keep the switch quiet']
      : []),
    ...(first?.continues || others.some(({ receiver }) => receiver === 'heartbeat')
      ? ['its receiver and its route are not only for each other']
      : []),
    ...(root.groupBy.includes('alertname') ? [] : ['it is grouped with other alerts']),
    ...(first?.quietInside || first?.quietOutside ? ['it is muted at times'] : []),
    ...(inhibitions.some(({ target }) => matchesAll(target, labels)) ? ['another alert inhibits it'] : []),
  ];
  return complaints.map((what) => ({
    code: 'SL1522',
    where: `alert ${watchdog}`,
    what,
    fix: 'see `heartbeatRoute` in alerts/routing.ts',
  }));
}

/** A critical alert reaches `incidents` at all hours. */
function criticalProblems(routing: Routing): Problem[] {
  return sorts
    .filter(({ severity }) => severity === 'critical')
    .flatMap((labels) => {
      const taken = routesTaken(routing, labels);
      const complaints = [
        ...(taken.some(({ receiver }) => receiver === 'incidents') ? [] : ['do not reach `incidents`']),
        ...(taken.some((route) => route.quietInside || route.quietOutside) ? ['are muted at times'] : []),
      ];
      return complaints.map(
        (what): Problem => ({
          code: 'SL1523',
          where: `critical alerts of the team ${labels.team}`,
          what: `they ${what}`,
          fix: 'route them to `incidents`, and mute warnings and infos only',
        }),
      );
    });
}

/** A label that is missing on both sides counts as equal: one alert would then mute strangers. */
function inhibitionProblems(inhibition: Inhibition, rules: readonly AnyAlertRule[]): Problem[] {
  const { source, target, equal } = inhibition;
  const where = `inhibition by ${source.map(({ value }) => value).join(', ')}`;
  const side = (matchers: Inhibition['source']): readonly AnyAlertRule[] =>
    rules.filter(({ name, severity }) => matchesAll(matchers, { alertname: name, severity }));
  const problem = (what: string): Problem => ({
    code: 'SL1520',
    where,
    what,
    fix: 'inhibit within a family of alerts, by labels that all its tiers keep: see `inhibitionsOf`',
  });
  const missing = [...side(source), ...side(target)].flatMap((rule) => {
    const carried = new Set<string>([...rule.by, ...deploymentLabels]);
    return equal
      .filter((label) => !carried.has(label))
      .map((label) => problem(`${ruleId(rule)} does not carry the label ${label}`));
  });
  return [
    ...(side(source).length === 0 ? [problem('no alert is its source')] : []),
    ...(side(target).length === 0 ? [problem('no alert is its target')] : []),
    ...(equal.length === 0 ? [problem('it compares no label, so any subject mutes every other')] : []),
    ...missing,
  ];
}
