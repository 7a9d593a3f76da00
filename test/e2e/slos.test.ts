import { describe, expect, inject, it } from 'vitest';
import { everydaySlos } from '../../alerts/slo/index.ts';
import { slos } from '../../telemetry/contract/slos.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

interface RuleGroups {
  readonly data: {
    readonly groups: readonly {
      readonly name: string;
      readonly rules: readonly { readonly name: string; readonly health: string }[];
    }[];
  };
}

describe('SLOs of the running stack', () => {
  const stack = new StackClient(inject('stack'));

  it('are measured from what services really expose: buckets as Prometheus stores them, too', async () => {
    const measured = await waitFor(
      'events and good ones of every SLO',
      async () => {
        const found = await stack.prometheus('slo:events:count5m > slo:bad_events:count5m');
        const ids = found.map(({ metric }) => metric.slo);
        return slos.every(({ id }) => ids.includes(id)) ? found : undefined;
      },
      120_000,
    );
    for (const { id, service } of slos)
      expect(measured.find(({ metric }) => metric.slo === id)?.metric).toMatchObject({ service });
  }, 150_000);

  it('are recorded by rules without errors, and have a budget', async () => {
    const groups = await waitFor('every recording rule to have been evaluated', async () => {
      const { data } = await stack.json<RuleGroups>(stack.url('prometheus', '/api/v1/rules?type=record'));
      const rules = data.groups.flatMap((group) => group.rules);
      return rules.every(({ health }) => health === 'ok') ? data.groups : undefined;
    });
    expect(groups.map(({ rules }) => rules.length)).toEqual(
      everydaySlos.recordings.map(({ rules }) => rules.length),
    );
    await waitFor(
      'the budget of every SLO',
      async () => {
        const budgets = await stack.prometheus('slo:error_budget_remaining:ratio_period <= 1');
        return budgets.length === slos.length ? budgets : undefined;
      },
      120_000,
    );
  }, 200_000);
});
