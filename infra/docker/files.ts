import { componentPorts } from '../../telemetry/contract/ports.ts';
import { componentUrls } from '../render/component-urls.ts';
import { renderCommon, renderedPaths } from '../render/environment.ts';
import { renderGrafana } from '../render/grafana/provisioning.ts';
import { renderLoki } from '../render/loki.ts';
import { renderPrometheus } from '../render/prometheus.ts';
import { renderPromtail } from '../render/promtail.ts';
import type { Stack } from '../stack.ts';
import { dataDirs, dockerSocket } from './components.ts';
import { containerRoot, secretPath } from './container.ts';
import { kafkaFiles } from './kafka.ts';

const everyAddress = '0.0.0.0';
/** Loki's second port; nothing but Loki itself calls it. */
const lokiGrpcPort = 9095;

/** Every file that the containers read, by path below `containerRoot`. */
export function renderDockerFiles(
  stack: Stack,
  { stackName, withKafka }: { readonly stackName: string; readonly withKafka: boolean },
): ReadonlyMap<string, string> {
  const { config } = renderedPaths;
  const alertmanager = `alertmanager:${componentPorts.alertmanager}`;
  return new Map([
    [
      `${config}/prometheus.yml`,
      renderPrometheus(stack, {
        alertmanager,
        ruleFiles: [`${containerRoot}/${renderedPaths.rules}`],
        remoteWriteSecret: secretPath('REMOTE_WRITE_SECRET'),
      }),
    ],
    ...renderCommon(stack, {
      root: containerRoot,
      resolveSecret: ({ secretRef }) => ({ kind: 'file', path: secretPath(secretRef) }),
    }),
    [
      `${config}/loki.yaml`,
      renderLoki(stack, {
        dataDir: dataDirs.loki,
        listen: { host: everyAddress, port: componentPorts.loki, grpcPort: lokiGrpcPort, self: '127.0.0.1' },
        ruler: {
          rulesDir: `${containerRoot}/${renderedPaths.logRules}`,
          alertmanager,
          prometheuses: [`prometheus:${componentPorts.prometheus}`],
        },
      }),
    ],
    [
      `${config}/promtail.yaml`,
      renderPromtail(stack, {
        discovery: 'docker',
        socket: dockerSocket,
        stack: stackName,
        positionsFile: `${dataDirs.promtail}/positions.yaml`,
        listen: { host: everyAddress, port: componentPorts.promtail },
      }),
    ],
    ...renderGrafana(stack, {
      root: containerRoot,
      sources: componentUrls('docker', stack.config),
      server: { rootUrl: stack.urls.dashboards, port: componentPorts.grafana, data: dataDirs.grafana },
    }),
    ...(withKafka ? kafkaFiles() : []),
  ]);
}
