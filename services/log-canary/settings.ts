import { z } from 'zod';
import { pipelineServices } from '../../telemetry/contract/pipeline.ts';
import { httpUrl, listenVariables, readVariables, type VariableValues } from '../../telemetry/environment.ts';

const seconds = (least: number, most: number, usual: number) => ({
  schema: z.coerce.number().min(least).max(most).default(usual),
  expected: `seconds, ${least} to ${most}`,
});

const variables = {
  ...listenVariables(pipelineServices['log-canary'].port),
  LOG_GATEWAY_URL: {
    ...httpUrl,
    schema: httpUrl.schema.default(`http://127.0.0.1:${pipelineServices['log-gateway'].port}`),
  },
  LOG_CANARY_KEY_FILE: {
    schema: z.string().min(1).max(4096),
    expected: 'the path of a file that holds an API key with the scopes write and read for one organization',
  },
  LOG_CANARY_KEYS_FILE: {
    schema: z.string().min(1).max(4096).optional(),
    expected:
      'the path of the gateway’s file of API keys, where the canary makes its own if it has none; nothing where somebody else does',
  },
  /** Between two lines. */
  LOG_CANARY_INTERVAL: seconds(0.05, 3600, 1),
  /** A line is missing when one that was acknowledged so much later was found, and it was not. */
  LOG_CANARY_DEADLINE: seconds(1, 86_400, 60),
} as const;

export type CanarySettings = VariableValues<typeof variables>;

/** @throws SightlineError SL1701 naming the variable whose value is not understood */
export function readCanarySettings(env: NodeJS.ProcessEnv): CanarySettings {
  return readVariables(variables, env, { name: 'log-canary', code: 'SL1701' });
}
