import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  type DashboardLink,
  DashboardLinkBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type DashboardUid, dashboards } from '../telemetry/contract/links.ts';
import { promql, renderQuery, series } from '../telemetry/query/query.ts';
import { type Matchers, not } from '../telemetry/query/series.ts';
import { exploreUrl } from './explore-url.ts';
import { prometheusRef } from './panels/common.ts';

/** Links on top of a dashboard to others, which keep what is selected and the time. */
export const linksTo = (...uids: readonly DashboardUid[]): readonly Builder<DashboardLink>[] =>
  uids.map((uid) =>
    new DashboardLinkBuilder(dashboards[uid].title).url(`/d/${uid}`).includeVars(true).keepTime(true),
  );

export const exploreLogs: Builder<DashboardLink> = new DashboardLinkBuilder('Explore logs')
  .url(exploreUrl('loki', '{service=~".+"}'))
  .icon('external link');

/** Alerts that fire, drawn over every time series; those of plumbing left out. */
export const firingAlerts = (which: Matchers<'ALERTS'>): AnnotationQueryBuilder =>
  new AnnotationQueryBuilder()
    .name('Firing alerts')
    .datasource(prometheusRef)
    .enable(true)
    .iconColor('red')
    .expr(
      renderQuery(
        promql`max by (alertname, service, severity) (${series('ALERTS', { alertstate: 'firing', severity: not('none'), ...which })})`,
      ),
    )
    .step('60s')
    .titleFormat('{{alertname}}')
    .textFormat('{{service}} {{severity}}')
    .tagKeys('alertname,service,severity');

/** A version of a service that was not there a minute ago: a deployment, drawn over every time series. */
export function deployments(where: Matchers<'service_build_info'>): AnnotationQueryBuilder {
  const info = series('service_build_info', where);
  const versions = promql`count by (service, version) (${info})`;
  const before = promql`count by (service, version) (${info} offset 1m)`;
  return new AnnotationQueryBuilder()
    .name('Deployments')
    .datasource(prometheusRef)
    .enable(true)
    .iconColor('blue')
    .expr(renderQuery(promql`${versions} unless ${before}`))
    .step('15s')
    .titleFormat('{{service}} {{version}}')
    .textFormat('deployed')
    .tagKeys('service,version');
}
