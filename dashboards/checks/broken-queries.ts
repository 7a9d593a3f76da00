import { type Broken, type Editable, errors, ofRate, overview, rate } from './broken-dashboard.ts';

const ask = (panel: Editable, expr: string): unknown => Object.assign(panel.targets[0] ?? {}, { expr });
const sum = (selector: string): string => `sum(rate(${selector}[$__rate_interval]))`;
const chosen =
  'environment=~"$environment", cluster=~"$cluster", namespace=~"$namespace", service=~"$service", instance=~"$instance"';

/** Dashboards whose queries, variables or legends are broken. */
export const brokenQueries: readonly Broken[] = [
  [
    'query',
    'PromQL of the wrong type',
    (_, at) => ask(at(rate), 'rate(up)'),
    `${ofRate}, query A`,
    /expected type matrix/,
  ],
  [
    'query',
    'an unclosed parenthesis',
    (_, at) => ask(at(rate), 'sum(rate(up[5m])'),
    `${ofRate}, query A`,
    /syntax error/,
  ],
  [
    'query',
    'a series nobody exposes',
    (_, at) => ask(at(rate), 'sum(no_such_total)'),
    `${ofRate}, query A`,
    /no_such_total/,
  ],
  [
    'query',
    'a label that no series has',
    (_, at) => ask(at(rate), 'sum(up{colour="red"})'),
    `${ofRate}, query A`,
    /no label colour/,
  ],
  [
    'query',
    'a label that no stream has',
    (_, at) => ask(at('Errors'), '{colour="red"}'),
    `${overview}: Errors, query A`,
    /colour/,
  ],
  [
    'query',
    'a field of lines nobody declares',
    (_, at) => ask(at('Errors'), '{service="sync"} | json | colour="red"'),
    `${overview}: Errors, query A`,
    /colour/,
  ],
  [
    'query',
    'a broken query of a variable',
    (model) =>
      Object.assign(model.templating.list.find(({ name }) => name === 'service') ?? {}, {
        definition: 'label_values(no_such_info, service)',
      }),
    `${overview}: $service`,
    /no_such_info/,
  ],
  [
    'variable',
    'an undeclared variable',
    (_, at) => ask(at(rate), 'sum(up{service=~"$sevice"})'),
    ofRate,
    /\$sevice is not declared/,
  ],
  [
    'variable',
    'an unused variable',
    (model) => model.templating.list.push({ name: 'lonely' }),
    overview,
    /\$lonely is declared and used nowhere/,
  ],
  [
    'variable',
    'a variable declared twice',
    (model) => model.templating.list.push({ name: 'service' }),
    overview,
    /\$service is declared twice/,
  ],
  [
    'never-data',
    'a value that the contract does not know',
    (_, at) => ask(at(rate), sum(`task_operations_total{operation="explode", ${chosen}}`)),
    `${ofRate}, query A`,
    /explode is no operation of task_operations_total/,
  ],
  [
    'never-data',
    'a service that does not emit the metric',
    (_, at) => ask(at(rate), sum(`websocket_messages_total{${chosen.replace('$service', 'audit')}}`)),
    `${ofRate}, query A`,
    /audit is no service of websocket_messages_total/,
  ],
  [
    'never-data',
    'a level that no line has',
    (_, at) =>
      ask(
        at('Errors'),
        '{environment=~"$environment", cluster=~"$cluster", namespace=~"$namespace", service=~"$service", level="FATAL"} |~ `$search`',
      ),
    `${overview}: Errors, query A`,
    /FATAL is no level/,
  ],
  [
    'selection',
    'a query past the variables',
    (_, at) => ask(at(rate), 'sum(up{service=~"$service"})'),
    `${ofRate}, query A`,
    /up of any environment, cluster, namespace/,
  ],
  [
    'selection',
    'lines past the variables',
    (_, at) => ask(at('Errors'), '{service=~"$service"} |~ `$search`'),
    `${overview}: Errors, query A`,
    /the streams of any environment/,
  ],
  [
    'legend',
    'a label that is summed away',
    (_, at) => Object.assign(at(errors).targets[0] ?? {}, { legendFormat: '{{service}} {{pod}}' }),
    `${overview}: ${errors}, query A`,
    /legend names pod/,
  ],
  [
    'legend',
    'a link by a label that is summed away',
    (_, at) =>
      at('Latency percentiles').fieldConfig.defaults.links.push({
        title: 'x',
        url: '/d/logs?var-service=${__field.labels.service}',
      }),
    `${overview}: Latency percentiles, query A`,
    /link of its data names service/,
  ],
  [
    'range',
    'a fixed range over time',
    (_, at) => ask(at(rate), `sum(rate(http_server_request_duration_seconds_count{${chosen}}[5m]))`),
    `${ofRate}, query A`,
    /a range of 5m/,
  ],
  [
    'metric-type',
    'a counter as it is',
    (_, at) => ask(at(rate), `sum(http_server_request_duration_seconds_count{${chosen}})`),
    `${ofRate}, query A`,
    /running total/,
  ],
  [
    'metric-type',
    'a rate of a gauge',
    (_, at) => ask(at(rate), sum(`websocket_connections{${chosen}}`)),
    `${ofRate}, query A`,
    /it is a gauge/,
  ],
];
