import { describe, expect, it } from 'vitest';
import { teamLabel, teamOf } from './ownership.ts';

describe('the team of an alert', () => {
  it.each([
    ['its service’s', {}, { service: 'audit' }, 'compliance'],
    ['its service’s, whatever the rule says', { team: 'tasks' }, { service: 'sync' }, 'collaboration'],
    ['the rule’s own for what is no service of ours', { team: 'tasks' }, { service: 'promtail' }, 'tasks'],
    ['platform where nothing says more', {}, { node: 'n1' }, 'platform'],
  ] as const)('is %s', (_, rule, labels, team) => {
    expect(teamOf(rule, labels)).toBe(team);
  });

  it('is fixed where no service tells, and chosen by Prometheus otherwise', () => {
    expect(teamLabel({ by: ['node'] })).toBe('platform');
    expect(teamLabel({ by: ['node'], team: 'tasks' })).toBe('tasks');
    expect(teamLabel({ by: ['service'] })).toBe(
      '{{ if eq $labels.service "backend-api" "recurring-task" }}tasks{{ else if eq $labels.service "notification" "sync" }}collaboration{{ else if eq $labels.service "audit" }}compliance{{ else }}platform{{ end }}',
    );
  });
});
