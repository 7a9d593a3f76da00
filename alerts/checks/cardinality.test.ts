import { cardinality } from './cardinality.ts';
import { examples } from './support/examples.ts';

examples(cardinality, {
  good: [
    ['labels with closed sets', 'max by (service, topic) (event_consumer_lag) > 0'],
    ['labels of targets', 'max by (pod, instance, container) (up) == 0'],
    ['a wide label that its matcher narrows', 'max by (uid) (kube_pod_status_ready{uid="1"}) == 0'],
  ],
  bad: [
    ['a label that names every pod there ever was', 'max by (uid) (kube_pod_status_ready) == 0', '10000'],
    [
      'the product of several',
      'sum by (http_route, http_request_method, http_response_status_code) (rate(http_server_request_duration_seconds_count[5m])) > 0',
      'http_route has up to',
    ],
  ],
});
