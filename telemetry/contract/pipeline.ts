import { type Service, type ServiceName, serviceNames, services } from './services.ts';

/** The processes of the log pipeline: for what is sent over HTTP or Kafka, beside Promtail. */
export const pipelineServices = {
  'log-gateway': {
    port: 8080,
    description: 'Takes logs over HTTP, searches them, and answers for metrics',
    team: 'platform',
  },
  'log-ingestor': {
    port: 8082,
    description: 'Brings queued logs to Loki, and what is refused to the dead letters',
    team: 'platform',
  },
  'log-canary': {
    port: 8084,
    description:
      'Sends known lines through the log pipeline, and looks whether each arrives once and in order',
    team: 'platform',
  },
} as const satisfies Record<string, Service>;

export type PipelineServiceName = keyof typeof pipelineServices;

const pipelineServiceNames = Object.keys(pipelineServices) as readonly PipelineServiceName[];

/** Whoever emits metrics by the contract. */
export type EmitterName = ServiceName | PipelineServiceName;

export const emitters: Readonly<Record<EmitterName, Service>> = { ...services, ...pipelineServices };

export const emitterNames: readonly EmitterName[] = [...serviceNames, ...pipelineServiceNames];

/** What every deployment has, and is missed where it is not. Without a canary the pipeline is only less watched. */
export const expectedNames = [
  ...serviceNames,
  'log-gateway',
  'log-ingestor',
] as const satisfies readonly EmitterName[];
