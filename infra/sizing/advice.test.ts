import { expect, it } from 'vitest';
import { adviseOn, type Question } from './advice.ts';

const question: Question = {
  environment: 'staging',
  load: { series: 200_000, logBytesPerDay: 100e9, services: 5 },
  scrapeInterval: '15s',
  metricsRetention: '30d',
  logRetention: '30d',
  sloWindow: '28d',
  loki: {},
  instances: {},
  without: [],
};
const bucket = { s3: { bucket: 'logs', region: 'eu-central-1' } };

/** What is said of Loki, in its different places. */
function ofLoki(asked: Partial<Question>) {
  const { containers, lokiTargets, warnings, file } = adviseOn({ ...question, ...asked });
  return {
    container: containers.some(({ name }) => name === 'loki'),
    targets: lokiTargets.length > 0,
    warned: warnings.some((warning) => warning.includes('set loki.mode to distributed')),
    gibibytes: Number.parseInt(file.kubernetes.loki.volume, 10),
  };
}

it.each<[string, Partial<Question>, ReturnType<typeof ofLoki>]>([
  // 31 days of 100 GB, in a quarter of their size, four fifths of the volume.
  ['one on a volume', {}, { container: true, targets: true, warned: true, gibibytes: 903 }],
  // Four hours of them.
  [
    'one with a bucket',
    { loki: { storage: bucket } },
    { container: true, targets: true, warned: true, gibibytes: 20 },
  ],
  [
    'a distributed one',
    { loki: { mode: 'distributed', storage: bucket } },
    { container: false, targets: true, warned: false, gibibytes: 20 },
  ],
  [
    'one that the cluster has already',
    { without: ['loki'] },
    { container: false, targets: false, warned: false, gibibytes: 903 },
  ],
])('a Loki is advised on as what it is: %s', (_, asked, said) => {
  expect(ofLoki(asked)).toEqual(said);
});
