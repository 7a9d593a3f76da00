import type { LogLevel } from '../../telemetry/contract/logs.ts';
import { serviceNames } from '../../telemetry/contract/services.ts';
import { logql, stream } from '../../telemetry/query/query.ts';
import { oneOf } from '../../telemetry/query/series.ts';
import { type DashboardLink, labelHole } from '../rule.ts';

/** What tells one service from another. */
export const identity = ['cluster', 'environment', 'namespace', 'service'] as const;

export const ourServices = oneOf(serviceNames);

export const serviceOverview = {
  uid: 'service-overview',
  variables: ['environment', 'cluster', 'namespace', 'service'],
} as const satisfies DashboardLink;

const failing: readonly LogLevel[] = ['WARNING', 'ERROR', 'CRITICAL'];

/** Lines of the alert's service that say something went wrong. */
export const failureLogs = logql`${stream({ service: labelHole('service'), level: oneOf(failing) })}`;

/** Every line of the alert's service. */
export const allLogs = logql`${stream({ service: labelHole('service') })}`;
