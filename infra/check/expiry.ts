import { expiredOverrides } from '../../alerts/overrides.ts';
import type { Problem } from '../../telemetry/errors.ts';
import type { EnvironmentStack } from '../stack.ts';

/** Alerts that were turned off for a time that is over: they are generated again, and somebody must decide anew. */
export function checkExpiry({ config, today }: EnvironmentStack): readonly Problem[] {
  return expiredOverrides(config.alerts.overrides, today).map(({ id, until, reason }) => ({
    code: 'SL1810',
    what: `${id} was off until ${until} (${reason}); it is on again`,
    where: `environment ${config.environment}, alerts.overrides.${id}.off`,
    fix: 'remove `off`, or give a later date and today’s reason',
  }));
}
