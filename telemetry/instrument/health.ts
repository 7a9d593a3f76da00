import type { LabelValue } from '../contract/labels.ts';
import { SightlineError } from '../errors.ts';
import type { Logger } from './logger.ts';
import type { MetricStore } from './metrics.ts';

type CheckName = LabelValue<'check'>;
type Probe = () => Promise<void> | void;

interface CheckResult {
  readonly status: 'pass' | 'fail';
  readonly reason?: string;
}
interface HealthReport {
  readonly healthy: boolean;
  readonly checks: Readonly<Partial<Record<CheckName, CheckResult>>>;
}

export interface Health {
  /** Adds a check. The probe passes by returning and fails by throwing. @throws SL1447 when it is there */
  register(check: CheckName, probe: Probe): void;
  /** Runs the probes, or answers with a result no older than a second. Never rejects. */
  report(): Promise<HealthReport>;
  /** From now on not ready: the service is going away. */
  stop(): void;
  readonly stopping: boolean;
}

const probeTimeoutMs = 2000;
/** Probes of several scrapers and of Kubernetes share a result this old. */
const reportMaxAgeMs = 1000;

/** Health checks of a service, each shown as `health_check_status`. `process` is always there and passes. */
export function createHealth(store: MetricStore, log: Logger): Health {
  const probes = new Map<CheckName, Probe>([['process', () => {}]]);
  const failing = new Set<CheckName>();
  let stopping = false;
  let latest: { readonly at: number; readonly report: Promise<HealthReport> } | undefined;

  async function run(check: CheckName, probe: Probe): Promise<readonly [CheckName, CheckResult]> {
    try {
      await withTimeout(check, probe);
      if (failing.delete(check)) log.info('Health check passes again', { check });
      return [check, { status: 'pass' }];
    } catch (error) {
      if (!failing.has(check)) log.error('Health check fails', { check, error });
      failing.add(check);
      return [check, { status: 'fail', reason: error instanceof SightlineError ? error.code : 'error' }];
    }
  }

  async function runAll(): Promise<HealthReport> {
    const results = await Promise.all([...probes].map(([check, probe]) => run(check, probe)));
    for (const [check, result] of results) {
      status.value({ check }).value = result.status === 'pass' ? 1 : 0;
    }
    return {
      healthy: results.every(([, result]) => result.status === 'pass'),
      checks: Object.fromEntries(results),
    };
  }

  function report(): Promise<HealthReport> {
    const now = performance.now();
    if (latest === undefined || now - latest.at > reportMaxAgeMs) latest = { at: now, report: runAll() };
    return latest.report;
  }

  const status = store.series('health_check_status', async () => {
    await report();
  });

  return {
    report,
    register(check, probe) {
      if (probes.has(check)) {
        throw new SightlineError('SL1447', {
          what: `the check "${check}" is there already`,
          where: 'instrumentation.health.register',
          fix: 'register each check once, and probe everything it stands for in one probe',
        });
      }
      probes.set(check, probe);
      latest = undefined;
    },
    stop() {
      stopping = true;
    },
    get stopping() {
      return stopping;
    },
  };
}

async function withTimeout(check: CheckName, probe: Probe): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new SightlineError('SL1448', {
          what: `the check "${check}" took longer than ${probeTimeoutMs} ms`,
          where: `health check ${check}`,
          fix: 'look at what it probes; a probe must be cheap and have a timeout of its own',
        }),
      );
    }, probeTimeoutMs);
  });
  try {
    await Promise.race([probe(), expired]);
  } finally {
    clearTimeout(timer);
  }
}
