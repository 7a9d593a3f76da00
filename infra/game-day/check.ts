import { allLogRules } from '../../alerts/rules/index.ts';
import type { Severity } from '../../telemetry/contract/links.ts';
import type { Problem } from '../../telemetry/errors.ts';
import type { Extra } from '../local/extras.ts';
import { type EnvironmentStack, alertsOf as rulesOf } from '../stack.ts';
import { type Drill, drillsWith } from './drills.ts';
import { alertsOf, alertText, type Consequence, deadmansSwitch, overlap } from './expectation.ts';
import { extraStops } from './extra-stops.ts';
import { stops } from './stops.ts';

const where = (drill: Drill): string => `game day, ${drill.name}`;
const fix = 'correct it in infra/game-day/service-faults.ts, stops.ts or consequences.ts';

/** An alert that can be raised. */
interface KnownAlert {
  readonly name: string;
  readonly severity: Severity;
}

/** Every alert that the stack can raise, the dead man's switch included. */
export function knownAlerts(stack: EnvironmentStack): readonly KnownAlert[] {
  const { family, severity } = deadmansSwitch;
  return [...rulesOf(stack), ...stack.off, ...allLogRules, { name: family, severity }];
}

/** Whether game days expect only alerts that there are, and that end. */
export const checkGameDay = (
  alerts: readonly KnownAlert[],
  all: readonly Drill[] = [...drillsWith(['dapr']), ...drillsWith(['dapr', 'kafka'])],
): readonly Problem[] => all.flatMap((drill) => [...unknownAlerts(drill, alerts), ...neverEnding(drill)]);

function unknownAlerts(drill: Drill, alerts: readonly KnownAlert[]): Problem[] {
  return alertsOf(drill.expectation)
    .filter(
      ({ family, severity }) =>
        !alerts.some((alert) => alert.name === family && (severity ?? alert.severity) === alert.severity),
    )
    .map((alert) => ({
      code: 'SL1820',
      what: `it names the alert ${alertText(alert)}, which no rule raises`,
      where: where(drill),
      fix,
    }));
}

/** What goes on for ever cannot be waited for, and hides what a later fault raises. */
function neverEnding(drill: Drill): Problem[] {
  const { raises, allows } = drill.expectation;
  const outlasts = ({ outlasts }: Consequence): boolean => outlasts !== undefined;
  return allows
    .filter(outlasts)
    .filter((one) => raises.some((raised) => raised.severity === undefined && overlap(raised, one)))
    .map((one) => ({
      code: 'SL1820',
      what: `${alertText(one)} must be raised and ended by the fault, and outlasts it`,
      where: where(drill),
      fix,
    }));
}

/** Processes of a plan with these extras of which nobody has said what their end raises. */
export function checkStops(processes: readonly string[], extras: readonly Extra[] = []): readonly Problem[] {
  const known = { ...stops, ...extraStops(extras) };
  return processes
    .filter((process) => known[process] === undefined)
    .map((process) => ({
      code: 'SL1820',
      what: `nothing is said of what its end raises`,
      where: `game day, ${process}:stop`,
      fix: 'declare it in infra/game-day/stops.ts, or say there why nobody is to be told',
    }));
}
