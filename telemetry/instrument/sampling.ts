import { SightlineError } from '../errors.ts';

/** Whether a new span is sampled, from its parent (if any) and its trace id. */
export type Sampler = (parentSampled: boolean | undefined, traceId: string) => boolean;

const always: Sampler = () => true;
const never: Sampler = () => false;
const parentBased =
  (root: Sampler): Sampler =>
  (parentSampled, traceId) =>
    parentSampled ?? root(parentSampled, traceId);

/** The last 7 bytes of the trace id against the ratio, as W3C Trace Context Level 2 lets one rely on. */
const ratio = (share: number): Sampler => {
  const limit = share * 2 ** 52;
  return (_, traceId) => Number.parseInt(traceId.slice(-13), 16) < limit;
};

const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/**
 * The sampler of OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG, with OpenTelemetry's names and its default,
 * parentbased_always_on. It decides the sampled flag whether or not spans are exported here.
 * @throws SL1442 for another name, or a ratio outside 0 to 1
 */
export function samplerFrom(env: NodeJS.ProcessEnv): Sampler {
  const name = env.OTEL_TRACES_SAMPLER || 'parentbased_always_on';
  switch (name) {
    case 'always_on':
      return always;
    case 'always_off':
      return never;
    case 'traceidratio':
      return ratio(shareFrom(env));
    case 'parentbased_always_on':
      return parentBased(always);
    case 'parentbased_always_off':
      return parentBased(never);
    case 'parentbased_traceidratio':
      return parentBased(ratio(shareFrom(env)));
    default:
      throw new SightlineError('SL1442', {
        what: `OTEL_TRACES_SAMPLER is "${name.slice(0, 40)}"`,
        where: 'environment variable OTEL_TRACES_SAMPLER',
        fix: `set it to one of ${samplerNames.join(', ')}`,
      });
  }
}

function shareFrom(env: NodeJS.ProcessEnv): number {
  const given = env.OTEL_TRACES_SAMPLER_ARG || '1';
  const share = Number(given);
  if (share >= 0 && share <= 1) return share;
  throw new SightlineError('SL1442', {
    what: `OTEL_TRACES_SAMPLER_ARG is "${given.slice(0, 40)}"`,
    where: 'environment variable OTEL_TRACES_SAMPLER_ARG',
    fix: 'set it to a share from 0 to 1, such as 0.1',
  });
}
