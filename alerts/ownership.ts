import { type EmitterName, emitterNames, emitters } from '../telemetry/contract/pipeline.ts';
import { defaultTeam, type Team } from '../telemetry/contract/teams.ts';
import type { AlertRule } from './rule.ts';

type Owned = Pick<AlertRule, 'by' | 'team'>;

const isOurs = (service: string | undefined): service is EmitterName =>
  emitterNames.some((name) => name === service);

/** The team that an alert with these labels belongs to: its service's, otherwise the rule's own. */
export function teamOf(rule: Pick<Owned, 'team'>, labels: Readonly<Record<string, string>>): Team {
  return isOurs(labels.service) ? emitters[labels.service].team : (rule.team ?? defaultTeam);
}

/** The label `team` as a rule file has it. Where the service is known only once an alert fires, Prometheus chooses. */
export function teamLabel(rule: Owned): string {
  const own = teamOf(rule, {});
  if (!rule.by.includes('service')) return own;
  const others = Object.entries(Object.groupBy(emitterNames, (name) => emitters[name].team)).filter(
    ([team]) => team !== own,
  );
  const branches = others.map(
    ([team, names]) =>
      `if eq $labels.service ${names.map((name) => JSON.stringify(name)).join(' ')} }}${team}`,
  );
  return `{{ ${branches.join('{{ else ')}{{ else }}${own}{{ end }}`;
}
