import { promql, series } from '../../telemetry/query/query.ts';
import type { PanelSpec } from '../spec.ts';
import { type PanelContext, prom, selected, spec } from './common.ts';
import { panelKit } from './kit.ts';
import { passing } from './states.ts';
import { bars, lines, stackedBars } from './visuals.ts';

/** Whether the processes live, and what they use. */
export function healthPanels(context: PanelContext): readonly PanelSpec[] {
  const uptime = {
    title: 'Uptime',
    description:
      'Since the youngest process of the service started. Short bars after no deployment: it crashes.',
    width: 6,
    height: 8,
    unit: 's',
    targets: [
      prom(
        promql`time() - max by (service) (${series('process_start_time_seconds', selected)})`,
        '{{service}}',
        context,
      ),
    ],
  };
  const restarts = {
    title: 'Restarts',
    description:
      'Starts of a process that was there before. One a deployment is normal; more is a crash loop: read the last lines before the restart.',
    width: 6,
    height: 8,
    unit: 'short',
    colors: {},
    targets: [
      prom(
        promql`sum by (service) (changes(${series('process_start_time_seconds', selected)}[$__rate_interval]))`,
        '{{service}}',
        context,
      ),
    ],
  };
  const lag = {
    title: 'Event loop lag, p99',
    description:
      'How long a ready callback waits. Above the dashed line the process does too much work in one go: every request of it gets slow.',
    width: 8,
    height: 8,
    unit: 's',
    limits: { warning: 'event_loop_lag_warning' },
    targets: [
      prom(
        promql`max by (service) (${series('nodejs_eventloop_lag_p99_seconds', selected)})`,
        '{{service}}',
        context,
      ),
    ],
  } as const;
  const memory = {
    title: 'Resident memory',
    description:
      'Above the dashed line the alert fires. A saw that never comes down to where it began is a leak: take a heap snapshot before it restarts.',
    width: 8,
    height: 8,
    unit: 'bytes',
    limits: { warning: 'resident_memory_warning' },
    targets: [
      prom(
        promql`max by (service) (${series('process_resident_memory_bytes', selected)})`,
        '{{service}}',
        context,
      ),
    ],
  } as const;
  const cpu = {
    title: 'CPU',
    description:
      'Share of one core. Node runs one thread: near 100 % the event loop lag rises next. Scale out, or take a profile.',
    width: 8,
    height: 8,
    unit: 'percentunit',
    targets: [
      prom(
        promql`sum by (service) (rate(${series('process_cpu_seconds_total', selected)}[$__rate_interval]))`,
        '{{service}}',
        context,
      ),
    ],
  };
  return [
    healthChecks(context),
    spec(uptime, bars(uptime, context)),
    spec(restarts, stackedBars(restarts, context)),
    spec(lag, lines(lag, context)),
    spec(memory, lines(memory, context)),
    spec(cpu, lines(cpu, context)),
  ];
}

const healthChecks = (context: PanelContext): PanelSpec =>
  panelKit(context).states({
    title: 'Health checks',
    description:
      'What each service says of itself and of what it needs. Red on one check in several services points at the thing they share.',
    width: 12,
    runbook: 'health-check-failing',
    asks: [
      [promql`min by (service, check) (${series('health_check_status', selected)})`, '{{service}} {{check}}'],
    ],
    states: passing,
  });
