import { componentPorts } from '../../telemetry/contract/ports.ts';
import { renderAlloy } from '../render/alloy.ts';
import { renderPromtail } from '../render/promtail.ts';
import type { ClusterContext } from './context.ts';
import { lokiAccess, sourcesOf } from './existing.ts';
import { images } from './images.ts';

/** What collects the logs of pods: what differs between the two that can. */
interface LogAgent {
  readonly image: string;
  readonly args: readonly string[];
  /** The name of the file that it reads, and its text. */
  readonly config: readonly [name: string, text: string];
  readonly ready: string;
}

const port = componentPorts.promtail;
const podsDir = '/var/log/pods';
const configDir = '/etc/promtail';

interface Places {
  /** A folder of the node, in which it keeps how far it has read. */
  readonly state: string;
  /** Loki's password, where it asks for one. */
  readonly passwordFile: string;
}

/** The agent of an environment. */
export function logAgent(context: ClusterContext, { state, passwordFile }: Places): LogAgent {
  const { stack, kubernetes } = context;
  const lokiUrl = sourcesOf(context).loki;
  const loki = lokiAccess(context, passwordFile);
  const promtailPositions = `${state}/positions.yaml`;
  if (kubernetes.agent === 'alloy')
    return {
      image: images.alloy,
      args: [
        'run',
        `${configDir}/config.alloy`,
        `--storage.path=${state}/alloy`,
        `--server.http.listen-addr=0.0.0.0:${port}`,
        '--disable-reporting',
      ],
      config: ['config.alloy', renderAlloy(stack, { lokiUrl, loki, podsDir, promtailPositions })],
      ready: '/-/ready',
    };
  return {
    image: images.promtail,
    args: [`-config.file=${configDir}/promtail.yaml`],
    config: [
      'promtail.yaml',
      renderPromtail(
        { ...stack, urls: { ...stack.urls, loki: lokiUrl }, instances: [] },
        {
          podsDir,
          positionsFile: promtailPositions,
          listen: { host: '0.0.0.0', port },
          discovery: 'kubernetes',
          loki,
        },
      ),
    ],
    ready: '/ready',
  };
}

/** What Alloy measures, by the names that Promtail has for it: rules and dashboards hold for both. */
export const alloySamples = [
  {
    sourceLabels: ['__name__'],
    regex: 'loki_(?:write|source_file)_(.+)',
    targetLabel: '__name__',
    replacement: 'promtail_$1',
  },
] as const;
