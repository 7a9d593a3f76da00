import { type ServiceName, serviceNames } from '../../telemetry/contract/services.ts';
import {
  allow,
  aloneIfBackend,
  backendFails,
  disconnected,
  failures,
  ifBackend,
  restarts,
} from './consequences.ts';
import { deadmansSwitch, type Expectation } from './expectation.ts';
import { pipelineStops, withoutLoki } from './pipeline-stops.ts';

/** A process whose stop nobody is to be told of. */
export interface Unwatched {
  readonly unwatched: string;
}

const switchSpeaks = allow('inbox', 'the switch writes to the log, too, that it spoke', 'CriticalLogged');

/** What the end of a process of the stack raises, by its name in the plan. */
export const stops: Readonly<Record<string, Expectation | Unwatched>> = {
  ...Object.fromEntries(serviceNames.map((service) => [service, serviceStops(service)])),
  ...pipelineStops,
  prometheus: {
    raises: [deadmansSwitch],
    allows: switchSpeaks,
    alone: 'without Prometheus no alert is evaluated, and none is delivered',
  },
  alertmanager: {
    raises: [deadmansSwitch],
    allows: [
      ...switchSpeaks,
      ...allow('alertmanager', 'Prometheus sees that it is gone, and can tell nobody', 'TargetDown'),
      ...allow(
        'prometheus',
        'it cannot hand its alerts on',
        'PrometheusErrorSendingAlerts',
        'ComponentErrors',
      ),
      ...allow('loki', 'its ruler cannot hand its alerts on', 'LokiRulerNotificationErrors'),
    ],
    alone: 'without Alertmanager no alert is delivered',
  },
  loki: {
    raises: [{ family: 'TargetDown', service: 'loki' }],
    allows: [
      ...allow(
        'promtail',
        'it has nowhere to push, and keeps the lines until it has',
        'PromtailRequestErrors',
        'PromtailLatencyHigh',
        'ComponentErrors',
      ),
      ...withoutLoki,
    ],
    alone: 'without Loki no alert on log lines is evaluated',
  },
  promtail: {
    raises: [{ family: 'TargetDown', service: 'promtail' }],
    allows: [],
    alone: 'without Promtail no alert on log lines has lines to count',
  },
  'node-exporter': { raises: [{ family: 'TargetDown', service: 'node-exporter' }], allows: [] },
  inbox: {
    raises: [{ family: 'AlertmanagerNotificationsFailing', service: 'alertmanager' }],
    allows: allow('alertmanager', 'it complains of each notification that fails', 'ComponentErrors'),
    alone: 'without the inbox no alert is delivered',
    undeliverable: 'it plays the receivers that cannot be reached',
  },
  preview: { unwatched: 'it draws dashboards on a laptop, where whoever looks at it sees that it is gone' },
  grafana: { unwatched: 'it is optional on a laptop; where it is deployed, Kubernetes’ alerts watch it' },
  'traffic-generator': { unwatched: 'it plays the users: when they leave, nothing is wrong' },
};

function serviceStops(service: ServiceName): Expectation {
  return {
    raises: [{ family: 'ServiceDown', service }],
    allows: [
      ...restarts(service).filter(({ family }) => family !== 'ServiceDown'),
      ...failures(service),
      ...ifBackend(service, backendFails, disconnected),
    ],
    ...aloneIfBackend(service),
  };
}
