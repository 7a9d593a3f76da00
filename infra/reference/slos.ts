import { percent } from '../../alerts/slo/alerts.ts';
import { buildSlos, type SloRules } from '../../alerts/slo/index.ts';
import { type SloSummary, summaryOf } from '../../alerts/slo/summary.ts';
import { thresholds } from '../../telemetry/contract/thresholds.ts';
import { environmentNames } from '../config/names.ts';
import { readEnvironment } from '../config.ts';
import { code, generatedPage, markdownTable } from './markdown.ts';

/** What is promised, how it is measured, and when its alerts fire, for each period that an environment has. */
export function slosPage(): string {
  const environments = environmentNames.map((name) => {
    const { slo, prometheus } = readEnvironment(name);
    return {
      name,
      rules: buildSlos({ period: slo.window, retention: prometheus.retentionTime }),
      period: slo.window,
    };
  });
  const periods = [...Map.groupBy(environments, ({ period }) => period)];
  const [first] = environments;
  return generatedPage('SLOs', '`telemetry/contract/slos.ts`', [
    'An SLO is a promise about one service: this share of its events is good, over the period of the environment (`slo.window`). What may be bad is the error budget; alerts fire on how fast it is spent.',
    markdownTable(
      [
        'SLO',
        'promise',
        'objective',
        'good is',
        ...periods.map(([period]) => `budget in ${period}`),
        'alerts',
      ],
      (first ? summaries(first.rules) : []).map((summary, index) => [
        code(summary.id),
        summary.description,
        percent(summary.objective),
        summary.indicator,
        ...periods.map(([, [one]]) => minutes((one ? summaries(one.rules) : [])[index])),
        [...new Set(summary.alerts.map((id) => id.replace(/-\w+$/, '')))].map(code).join(', '),
      ]),
    ),
    'The budget is in minutes in which everything is bad; twice as long may half of it be.',
    '## Burn rates',
    'Factor = share of the budget × period ÷ long window. An alert fires while the share of bad events is above factor × (1 − objective) over both windows: the long one says that it matters, the short one that it goes on. Where the factor would be under 1, the share is raised until it is 1: a service that just keeps its promise alerts nobody. There is no `for` on top.',
    ...periods.flatMap(([period, [one, ...rest]]) =>
      one
        ? [
            `### ${period}: ${[one, ...rest].map(({ name }) => name).join(', ')}`,
            tierTable(summaries(one.rules)),
          ]
        : [],
    ),
    '## Little traffic',
    `Fewer than ${code('slo_minimum_events')} events (${thresholds.slo_minimum_events.default}) in a long window, or fewer than ${code('slo_minimum_bad_events')} bad ones (${thresholds.slo_minimum_bad_events.default}; within five minutes for the fastest pair), alert nobody: one failure among a handful of requests is no incident. What an hour is too short for, six hours, a day or three days still see. Availability is measured by scrapes, and does not depend on traffic.`,
    '## What is recorded',
    'Panels and queries can use the same series: `slo:errors:ratio1h`, `slo:events:count_period`, `slo:attainment:ratio_period`, `slo:error_budget_remaining:ratio_period` and so on, each with the label `slo`. A window of counts is added up from five-minute counts, so it lags by up to five minutes.',
  ]);
}

const summaries = (rules: SloRules): readonly SloSummary[] => rules.plans.map(summaryOf);

const minutes = (summary: SloSummary | undefined): string =>
  summary ? `${Number(summary.budgetMinutes.toPrecision(4))} min` : '';

/** One row a pair of windows, with the limits for each objective that there is. */
function tierTable(all: readonly SloSummary[]): string {
  const byObjective = [...Map.groupBy(all, ({ objective }) => objective)].flatMap(([objective, [one]]) =>
    one ? [{ objective, tiers: one.tiers }] : [],
  );
  const [any] = byObjective;
  return markdownTable(
    [
      'severity',
      'budget',
      'long window',
      'short window',
      'factor',
      ...byObjective.map(({ objective }) => `bad, of ${percent(objective)}`),
    ],
    (any?.tiers ?? []).map(({ severity, share, long, short, factor }, index) => [
      severity,
      percent(share),
      long,
      short,
      String(Number(factor.toPrecision(4))),
      ...byObjective.map(({ tiers }) => percent(tiers[index]?.errorRatio ?? Number.NaN)),
    ]),
  );
}
