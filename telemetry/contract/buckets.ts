/**
 * Upper bounds in seconds. OpenTelemetry's advice for `http.server.request.duration`, with the finest
 * bound first; every latency SLO and threshold must equal one of them.
 */
export const requestSeconds = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
] as const;

/** For what crosses the bus: from a few milliseconds to minutes of backlog. */
export const eventSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;

/** For an embedded or nearby database. */
export const databaseSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5,
] as const;
