import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import { localPaths } from '../../infra/local/files.ts';
import { localPlacement } from '../../infra/local/placements.ts';
import { grafanaPaths } from '../../infra/render/grafana/provisioning.ts';
import { absentComponents } from '../../telemetry/catalogue/absent-locally.ts';
import { dashboards as dashboardLinks } from '../../telemetry/contract/links.ts';
import { platformTenant } from '../../telemetry/contract/services.ts';
import { browserPath, launchBrowser, noBrowser } from '../support/browser.ts';
import { lookAt } from '../support/dashboards-in-browser.ts';
import { type OwnStack, startOwnStack } from '../support/own-stack.ts';
import {
  answerTo,
  type DashboardQueries,
  deployedDashboards,
  type PanelQuery,
  queriesOfDashboard,
} from '../support/panel-queries.ts';
import { elsewhere } from '../support/panels-elsewhere.ts';
import { changesSent, ratesSent, ratesShown } from '../support/request-counts.ts';
import { TrafficTimeline } from '../support/traffic-timeline.ts';
import { waitFor } from '../support/wait.ts';

/** Requests a second, of which enough fail and change something for 5 % to be a matter of tens. */
const trafficRate = 20;
/** Grafana's `$__rate_interval` at a scrape interval of 15 s. */
const rateWindowMs = 60_000;
const trafficMs = 120_000;
const within = 0.05;
/** Pixels: a laptop's screen, and a wide one. */
const widths = [1440, 2560] as const;
/** Seconds a dashboard where the machine is idle, most of a minute where it is not. */
const browsingMs = 1_800_000;
/** A narrow panel of bars has a point every five minutes of the clock: on a young stack its first one is awaited, once. */
const patienceMs = 360_000;
const leastPatienceMs = 15_000;
/** A folder that gets a picture of every dashboard, to be looked at. */
const pictures = process.env.DASHBOARD_PICTURES;

if (browserPath === undefined) console.warn(`skipped: ${noBrowser}`);

/** The errors that the panels count: of requests that nobody but the traffic generator makes. */
const faults = [
  ['backend-api', 'errors', '--rate', '0.3'],
  ['audit', 'slow-consumer', '--rate', '1'],
] as const;

describe('every panel, on a stack of its own with two minutes of traffic', () => {
  let own: OwnStack;
  let traffic: TrafficTimeline;

  const ask: Ask = (source, path, parameters) =>
    own.client.json(own.client.url(source, `${path}?${new URLSearchParams(parameters)}`), {
      'X-Scope-OrgID': platformTenant,
    });
  const fault = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await own.client.cli(['fault', ...args]);
    expect(code, stderr).toBe(0);
  };
  const asked = async (): Promise<readonly DashboardQueries[]> => {
    const dashboards = await deployedDashboards(join(own.stateDir, grafanaPaths.dashboards));
    return Promise.all(dashboards.map((dashboard) => queriesOfDashboard(dashboard, ask)));
  };
  const panel = async (where: string): Promise<PanelQuery> => {
    const found = (await asked()).flatMap(({ panels }) => panels).filter((query) => query.where === where);
    expect(found, where).toHaveLength(1);
    return found[0] as PanelQuery;
  };
  /** The panel's numbers at that moment, by series. */
  const rowsAt = async (where: string, at: number) => {
    const { expr } = await panel(where);
    return own.client.prometheus(expr, at);
  };

  /** What only trouble brings forth: an alert, lines of errors in every service, a line that is no JSON. */
  const bringTrouble = async (): Promise<void> => {
    const { namespace, pod, uid, container } = localPlacement('audit', 'service');
    await appendFile(
      join(own.stateDir, localPaths.pods, `${namespace}_${pod}_${uid}`, container, '0.log'),
      `${new Date().toISOString()} stdout F no JSON\n`,
    );
    // Every other service gives up on such an event, with a line of an error and an alert.
    await fault('backend-api', 'poison-event', '--rate', '1', '--for', '10s');
    await fault('backend-api', 'errors', '--rate', '0.3', '--for', '10s');
    // A warning of the log pipeline.
    await fetch(own.client.url('log-gateway', '/api/v1/logs/search'));
  };

  beforeAll(async () => {
    own = await startOwnStack(trafficRate);
    traffic = new TrafficTimeline(own.client.url('trafficGenerator', '/stats'));
    traffic.start();
    await bringTrouble();
  });
  afterAll(async () => {
    traffic?.stop();
    await own?.stop();
  });

  const number = async (query: string, at: number): Promise<number> =>
    (await own.client.prometheus(query, at))[0]?.value ?? 0;
  /** Events that wait for audit, as the panel shows them, and what became of others, as of one scrape of audit. */
  const events = async () => {
    const now = Date.now();
    const rows = await rowsAt('event-processing: Events waiting A', now);
    const of = 'service="audit", topic="task-events"';
    return {
      // The service looks once a second how many wait.
      at: 1000 * (await number(`timestamp(event_consumer_lag{${of}})`, now)) - 500,
      waiting: rows.find(({ metric }) => metric.service === 'audit' && metric.topic === 'task-events')?.value,
      processed: await number(`sum(events_processed_total{${of}, outcome="success"})`, now),
      ofRecurringTask: await number('sum(recurring_tasks_created_total{outcome="success"})', now),
    };
  };

  it('counts requests, errors and waiting events as the traffic generator does, within 5 %', async () => {
    await waitFor('the first faults to end', async () => {
      const { stdout } = await own.client.cli(['fault', '--list', '--json']);
      return (JSON.parse(stdout) as { active: unknown[] }).active.length === 0 ? true : undefined;
    });
    await waitFor('nothing to wait for audit', async () =>
      (await events()).waiting === 0 ? true : undefined,
    );
    for (const [service, kind, ...options] of faults) await fault(service, kind, ...options, '--for', '10m');
    const before = await events();
    const began = Date.now();
    // Where Prometheus could not scrape for a while, on a busy machine, it cannot know what happened.
    const scraped =
      'min(min_over_time(up{namespace="tasks"}[1m])) == 1 and min(count_over_time(up[1m])) >= 38';
    const at = await waitFor(
      'a window of errors that was scraped throughout',
      async () => {
        const now = Date.now();
        if (now - began < rateWindowMs + 5000) return undefined;
        return (await own.client.prometheus(scraped, now)).length > 0 ? now : undefined;
      },
      240_000,
    );
    const shown = ratesShown(
      await rowsAt('service-overview: Routes A', at),
      await rowsAt('service-overview: Routes B', at),
    );
    const sent = ratesSent(traffic, at - rateWindowMs, at);

    const after = await events();
    const caused = changesSent(traffic, before.at, after.at) + after.ofRecurringTask - before.ofRecurringTask;
    await fault('--clear');

    const figures = {
      requests: [shown.requests, sent.requests],
      errors: [shown.errors, sent.errors],
      waiting: [(after.waiting ?? 0) - (before.waiting ?? 0), caused - (after.processed - before.processed)],
    };
    console.log(`shown and sent: ${JSON.stringify(figures)}`);
    for (const [name, [panelShows = 0, generatorSays = 0]] of Object.entries(figures)) {
      expect(generatorSays, name).toBeGreaterThan(1);
      expect(Math.abs(panelShows / generatorSays - 1), name).toBeLessThan(within);
    }
  }, 400_000);

  it('finds something finite with every query but those that are declared', async () => {
    await waitFor(
      'two minutes of traffic',
      () => (Date.now() - traffic.firstAt > trafficMs ? true : undefined),
      trafficMs + 30_000,
    );
    const faultsIn = async (query: PanelQuery): Promise<readonly string[]> => {
      const reason = elsewhere(query.written);
      const { values, lines } = await answerTo(query, ask);
      const isEmpty = values.length + lines === 0;
      if (reason) return isEmpty ? [] : [`${query.where}: is declared to be of ${reason}, and has data`];
      if (isEmpty) return [`${query.where}: finds nothing: ${query.expr}`];
      // A share of nothing is not a number, and drawn as a gap: where all of it is one, nothing is to be seen.
      const finite = values.filter(Number.isFinite).length;
      const infinite = values.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
      if (infinite) return [`${query.where}: finds infinity: ${query.expr}`];
      return finite + lines > 0 ? [] : [`${query.where}: finds no number: ${query.expr}`];
    };
    let last: readonly string[] = [];
    let count = 0;
    await waitFor(
      'every panel',
      async () => {
        const queries = (await asked()).flatMap(({ panels }) => panels);
        count = queries.length;
        const found: string[] = [];
        for (const query of queries)
          found.push(...(await faultsIn(query).catch((error) => [`${query.where}: ${error}`])));
        last = found;
        return last.length === 0 ? true : undefined;
      },
      120_000,
    ).catch(() => undefined);
    console.log(`${count} queries of panels`);
    expect(last).toEqual([]);
    expect(count).toBeGreaterThan(400);
  }, 300_000);

  it('gives every variable its values, and answers every annotation', async () => {
    const all = await asked();
    for (const { written, values } of all.flatMap(({ variables }) => variables))
      expect(values.length > 0, written).toBe(elsewhere(written) === undefined);
    for (const { annotations } of all) for (const annotation of annotations) await answerTo(annotation, ask);
    const alerts = await answerTo(await panel('alerts: Firing now A'), ask);
    expect(alerts.values.length).toBeGreaterThan(0);
  }, 60_000);

  it.skipIf(browserPath === undefined)(
    'draws every dashboard in a browser, with nothing to complain of',
    async () => {
      // What is drawn of alerts and errors must be there when it is looked at.
      await bringTrouble();
      const dashboards = await deployedDashboards(join(own.stateDir, grafanaPaths.dashboards));
      expect(dashboards.map(({ uid }) => uid).sort()).toEqual(Object.keys(dashboardLinks).sort());
      const browser = await launchBrowser();
      const complaints: string[] = [];
      const patientUntil = Date.now() + patienceMs;
      try {
        const base = own.client.url('preview');
        for (const dashboard of dashboards)
          for (const width of widths) {
            const left = Math.max(leastPatienceMs, patientUntil - Date.now());
            complaints.push(
              ...(await lookAt(browser, base, dashboard, { width, pictures, patienceMs: left })),
            );
          }
      } finally {
        await browser.close();
      }
      console.log(`${dashboards.length} dashboards drawn at ${widths.join(' and ')} pixels`);
      expect(complaints).toEqual([]);
    },
    browsingMs,
  );

  it('has no declaration that no panel needs', async () => {
    const reasons = (await asked()).flatMap(({ panels }) => panels.map(({ written }) => elsewhere(written)));
    expect(reasons).toEqual(expect.arrayContaining(Object.values(absentComponents)));
  });
});
