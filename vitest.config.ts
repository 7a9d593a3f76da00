import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{telemetry,services,alerts,dashboards,promtail,infra,cli}/**/*.test.ts'],
    testTimeout: 15_000,
    pool: 'forks',
  },
});
