import { monitorEventLoopDelay } from 'node:perf_hooks';
import { logLevels } from '../contract/logs.ts';
import type { LogSystem } from './logger.ts';
import type { MetricStore } from './metrics.ts';

const nanosecondsPerSecond = 1e9;
const microsecondsPerSecond = 1e6;
/** Each sample of the delay is a timer; 20 ms finds what matters and costs 50 wake-ups a second. */
const eventLoopResolutionMs = 20;

/**
 * What the process says about itself, read when it is scraped. Names and meaning are those of prom-client's
 * default metrics, whose collectors would also register two dozen that the contract does not declare.
 */
export function observeRuntime(store: MetricStore, version: string, logs: LogSystem): void {
  store.series('service_build_info').value({ version }).value = 1;
  store.series('process_start_time_seconds').value({}).value = performance.timeOrigin / 1000;
  const cpu = store.series('process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    cpu.value({}).value = (user + system) / microsecondsPerSecond;
  });
  const memory = store.series('process_resident_memory_bytes', () => {
    memory.value({}).value = process.memoryUsage.rss();
  });
  const heap = store.series('nodejs_heap_size_used_bytes', () => {
    heap.value({}).value = process.memoryUsage().heapUsed;
  });
  const delay = monitorEventLoopDelay({ resolution: eventLoopResolutionMs });
  delay.enable();
  const lag = store.series('nodejs_eventloop_lag_p99_seconds', () => {
    lag.value({}).value = delay.count === 0 ? 0 : delay.percentile(99) / nanosecondsPerSecond;
    delay.reset();
  });
  const lines = store.series('log_lines_total', () => {
    for (const level of logLevels) lines.value({ level }).value = logs.counts[level];
  });
}
