import { inboxPath } from '../../alerts/receivers.ts';
import type { SecretName } from '../../telemetry/contract/secrets.ts';
import { renderCommon, renderedPaths } from '../render/environment.ts';
import { renderGrafana } from '../render/grafana/provisioning.ts';
import { renderLoki } from '../render/loki.ts';
import { renderPrometheus } from '../render/prometheus.ts';
import { renderPromtail } from '../render/promtail.ts';
import type { Stack } from '../stack.ts';
import type { LocalPorts } from './ports.ts';
import { type LocalSettings, secretNames } from './settings.ts';

/** Loopback: a laptop's stack is nobody else's business. */
export const localHost = '127.0.0.1';

/** Folders of the state directory that rendered files and processes refer to. */
export const localPaths = {
  ...renderedPaths,
  secrets: 'secrets',
  pods: 'pods',
  data: 'data',
  faults: 'faults',
} as const;

/** The database that the embedded event bus keeps its events in. */
export const busFile = (stateDir: string): string => `${stateDir}/${localPaths.data}/event-bus.sqlite`;

/** Every file the local stack's processes read, by path relative to the state directory. */
export function renderLocalFiles(
  stack: Stack,
  options: { readonly stateDir: string; readonly ports: LocalPorts; readonly settings: LocalSettings },
): ReadonlyMap<string, string> {
  const { stateDir, ports, settings } = options;
  const at = (path: string): string => `${stateDir}/${path}`;
  return new Map([
    [
      `${localPaths.config}/prometheus.yml`,
      renderPrometheus(stack, {
        alertmanager: `${localHost}:${ports.alertmanager}`,
        ruleFiles: [at(localPaths.rules)],
        remoteWriteSecret: at(`${localPaths.secrets}/${'REMOTE_WRITE_SECRET' satisfies SecretName}`),
      }),
    ],
    ...renderCommon(stack, {
      root: stateDir,
      resolveSecret: (secret) =>
        settings[secret.secretRef] === undefined
          ? { kind: 'url', url: `http://${localHost}:${ports.inbox}${inboxPath(secret)}` }
          : { kind: 'file', path: at(`${localPaths.secrets}/${secret.secretRef}`) },
    }),
    [
      `${localPaths.config}/loki.yaml`,
      renderLoki(stack, {
        dataDir: at(`${localPaths.data}/loki`),
        listen: { host: localHost, port: ports.loki, grpcPort: ports.lokiGrpc },
        ruler: {
          rulesDir: at(localPaths.logRules),
          alertmanager: `${localHost}:${ports.alertmanager}`,
          prometheuses: [`${localHost}:${ports.prometheus}`],
        },
      }),
    ],
    [
      `${localPaths.config}/promtail.yaml`,
      renderPromtail(stack, {
        podsDir: at(localPaths.pods),
        positionsFile: at(`${localPaths.data}/promtail/positions.yaml`),
        listen: { host: localHost, port: ports.promtail },
      }),
    ],
    ...renderGrafana(stack, {
      root: stateDir,
      sources: stack.urls,
      server: {
        rootUrl: `http://${localHost}:${ports.grafana}`,
        host: localHost,
        port: ports.grafana,
        data: at(`${localPaths.data}/grafana`),
        logs: at(`${localPaths.data}/grafana/log`),
      },
    }),
  ]);
}

/** Secrets as files of their own, for the components that read them by path. */
export function secretFiles(settings: LocalSettings): ReadonlyMap<string, string> {
  return new Map(
    secretNames.flatMap((name) => {
      const value = settings[name];
      return value === undefined ? [] : [[`${localPaths.secrets}/${name}`, value] as const];
    }),
  );
}
