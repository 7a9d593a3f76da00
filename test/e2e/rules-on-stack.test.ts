import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { allLogRules, metricRules } from '../../alerts/rules/index.ts';
import { localPaths } from '../../infra/local/files.ts';
import { localPlacement } from '../../infra/local/placements.ts';
import { absentMetrics, seriesAbsentLocally } from '../../telemetry/catalogue/absent-locally.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import {
  apartFrom,
  logqlInputs,
  promqlInputs,
  type RuleInput,
  selectorText,
} from '../support/rule-inputs.ts';
import { StackClient } from '../support/stack-client.ts';
import { waitFor } from '../support/wait.ts';

interface LoadedRule {
  readonly name: string;
  readonly query: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly lastError?: string;
}

interface RulesAnswer {
  readonly data: { readonly groups: readonly { readonly rules: readonly LoadedRule[] }[] };
}

/**
 * Labels that tell how something went. A rule that waits for a failure selects nothing until there is one, so their
 * matchers are left out when it is asked whether what a rule reads is there; the label itself must be there.
 */
const outcomeLabels = ['outcome', 'http_response_status_code', 'status_code'];
const outcomeStreamLabels = ['level'];

/** Milliseconds for the services to have done each kind of their work once. */
const patienceMs = 150_000;

/** Metrics of our own whose labels name whom something happened to: there are none until it does. */
const ofTrouble = {
  log_stream_overflows_total: 'a service whose logs would make too many streams',
  log_service_overflows_total: 'an organization that sends logs of too many services',
} as const;

const declaredAbsent = (): ReadonlyMap<string, string> =>
  new Map([...seriesAbsentLocally(), ...Object.entries(ofTrouble)]);

const names = (rules: readonly { readonly name: string }[]): readonly string[] =>
  [...new Set(rules.map(({ name }) => name))].sort();
const alertsAmong = (rules: readonly LoadedRule[]): readonly LoadedRule[] =>
  rules.filter(({ type }) => type === 'alerting');

describe('every rule of Prometheus on the running stack', () => {
  const { stateDir } = inject('stack');
  const stack = new StackClient(inject('stack'));

  const rules = async (): Promise<readonly LoadedRule[]> => {
    const { data } = await stack.json<RulesAnswer>(stack.url('prometheus', '/api/v1/rules'));
    return data.groups.flatMap((group) => group.rules);
  };
  const series = async (selector: string): Promise<readonly Readonly<Record<string, string>>[]> => {
    const { data } = await stack.json<{ data: Record<string, string>[] }>(
      stack.url('prometheus', `/api/v1/series?match[]=${encodeURIComponent(selector)}`),
    );
    return data;
  };
  const inputs = async (): Promise<readonly RuleInput[]> => (await rules()).flatMap(promqlInputs);

  it('is loaded, and evaluates without an error', async () => {
    const loaded = await waitFor('every rule to be evaluated', async () => {
      const all = await rules();
      return all.every(({ health }) => health !== 'unknown') ? all : undefined;
    });
    expect(names(alertsAmong(loaded))).toEqual(names(metricRules));
    expect(loaded.filter(({ health, lastError }) => health !== 'ok' || lastError)).toEqual([]);
  });

  it('reads series that are there, but for those that are declared to be absent', async () => {
    // Its counter begins with the first line that is no JSON.
    const { namespace, pod, uid, container } = localPlacement('audit', 'service');
    await appendFile(
      join(stateDir, localPaths.pods, `${namespace}_${pod}_${uid}`, container, '0.log'),
      `${new Date().toISOString()} stdout F no JSON\n`,
    );
    const read = [...new Set((await inputs()).map(({ metric }) => metric))];
    const declared = declaredAbsent();
    const expected = read.filter((metric) => declared.has(metric)).sort();
    const missing = async (): Promise<string[]> => {
      const found = await Promise.all(read.map((metric) => series(`${metric}{}`)));
      return read.filter((_, index) => found[index]?.length === 0).sort();
    };
    await waitFor(
      'the series',
      async () => ((await missing()).join() === expected.join() ? true : undefined),
      patienceMs,
    ).catch(() => undefined);
    expect(await missing()).toEqual(expected);
    // A declaration that no rule needs any more would hide the metric from the next rule that reads it.
    expect(read).toEqual(expect.arrayContaining(Object.keys({ ...absentMetrics, ...ofTrouble })));
  }, 240_000);

  it('selects something, but for outcomes that have not come about', async () => {
    const absent = declaredAbsent();
    const present = (await inputs()).filter(({ metric }) => !absent.has(metric));
    const problemsOf = async (input: RuleInput): Promise<readonly string[]> => {
      const { rule, metric, matchers } = input;
      const outcomes = matchers.filter(({ label }) => outcomeLabels.includes(label));
      const [selected, all] = await Promise.all([
        series(selectorText(apartFrom(outcomeLabels, input))),
        outcomes.length === 0 ? [] : series(`${metric}{}`),
      ]);
      return [
        ...(selected.length > 0 ? [] : [`${rule}: ${selectorText(input)} selects nothing`]),
        ...outcomes
          .filter(({ label }) => !all.some((labels) => label in labels))
          .map(({ label }) => `${rule}: no series of ${metric} has the label ${label}`),
      ];
    };
    const dead = async (): Promise<readonly string[]> => (await Promise.all(present.map(problemsOf))).flat();
    await waitFor(
      'every selector',
      async () => ((await dead()).length === 0 ? true : undefined),
      patienceMs,
    ).catch(() => undefined);
    expect(await dead()).toEqual([]);
  }, 240_000);
});

describe('every rule of Loki on the running stack', () => {
  const stack = new StackClient(inject('stack'));
  const tenant = { 'X-Scope-OrgID': platformTenant };

  const rules = async (): Promise<readonly LoadedRule[]> => {
    const { data } = await stack.json<RulesAnswer>(stack.url('loki', '/prometheus/api/v1/rules'), tenant);
    return data.groups.flatMap((group) => group.rules);
  };

  it('is loaded, and evaluates without an error', async () => {
    const loaded = await waitFor(
      'every rule to be evaluated',
      async () => {
        const all = await rules();
        return all.length > 0 && all.every(({ health }) => health !== 'unknown') ? all : undefined;
      },
      patienceMs,
    );
    expect(names(alertsAmong(loaded))).toEqual(names(allLogRules));
    expect(loaded.filter(({ health, lastError }) => health !== 'ok' || lastError)).toEqual([]);
  });

  it('reads streams that are there, but for levels that have not come about', async () => {
    const inputs = (await rules()).flatMap(logqlInputs);
    expect(inputs.length).toBeGreaterThan(0);
    const dead: string[] = [];
    for (const input of inputs) {
      const selector = selectorText(apartFrom(outcomeStreamLabels, input));
      const query = selector === '{}' ? '{service=~".+"}' : selector;
      const { data = [] } = await stack.json<{ data?: unknown[] }>(
        stack.url('loki', `/loki/api/v1/series?match[]=${encodeURIComponent(query)}`),
        tenant,
      );
      if (data.length === 0) dead.push(`${input.rule}: ${selectorText(input)}`);
    }
    expect(dead).toEqual([]);
  });
});
