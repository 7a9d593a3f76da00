import { defineConfig } from 'vitest/config';

const rooms = '{telemetry,services,alerts,dashboards,promtail,infra,cli}';

/**
 * Once more where a deadline passed or a connection broke: a machine that stalls for a minute should not cost the hour
 * of all other tests. Which test needed it is printed by name. A wrong value is never asked for twice, and what counts
 * lost lines (chaos, durability, Kafka, distributed Loki) says `retry: 0`, or is in a project without it.
 */
const retry = { count: 1, condition: /^waited \d+ ms for|^Test timed out|^fetch failed$/ };

/** One project a tier; `npm test` runs them in this order. What starts processes runs alone. */
export default defineConfig({
  test: {
    pool: 'forks',
    // Vitest leaves a core free by default: on two cores that halves the speed.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${rooms}/**/*.test.ts`, 'test/architecture/**/*.test.ts'],
          testTimeout: 60_000,
          // No module keeps what a test could change, so files of a worker share them: loading was most of the time.
          isolate: false,
          restoreMocks: true,
        },
      },
      {
        test: {
          name: 'binaries',
          include: ['test/{binaries,local,preview,types}/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          retry,
        },
      },
      {
        test: {
          name: 'program',
          include: ['test/program/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'kubernetes',
          include: ['test/kubernetes/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'docker',
          include: ['test/docker/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'distributed',
          include: ['test/distributed/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'kafka',
          include: ['test/kafka/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          retry,
        },
      },
      ...['redis', 'kafka'].map((broker) => ({
        test: {
          name: `dapr-${broker}`,
          include: ['test/e2e/{request,metrics,pages,poison,restart}.test.ts', 'test/dapr/**/*.test.ts'],
          globalSetup: [`test/dapr/over-${broker}.ts`],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          retry,
        },
      })),
      {
        test: {
          name: 'clone',
          include: ['test/clone/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          retry,
        },
      },
    ],
  },
});
