import type { LabelValue } from '../../telemetry/contract/labels.ts';
import { type Samples, sample } from './scenario.ts';

type Route = LabelValue<'http_route'>;

/** GET requests that a service has answered with a status. */
export const answered = (
  status: string,
  values: string,
  route: Route = '/tasks',
  service = 'backend-api',
): Samples[number] =>
  sample(
    service,
    'http_server_request_duration_seconds_count',
    { http_request_method: 'GET', http_route: route, http_response_status_code: status },
    values,
  );

/** Those that it has answered with 200 within so many seconds. */
export const answeredWithin = (
  le: string,
  values: string,
  route: Route = '/tasks',
  service = 'backend-api',
): Samples[number] =>
  sample(
    service,
    'http_server_request_duration_seconds_bucket',
    { http_request_method: 'GET', http_route: route, http_response_status_code: '200', le },
    values,
  );
