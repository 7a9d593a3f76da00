import type { Problem } from '../telemetry/errors.ts';
import type { Routing } from './routing.ts';

/** Whether every receiver exists and is used. */
export function checkRouting(routing: Routing): readonly Problem[] {
  const declared = new Set<string>(routing.receivers.map(({ name }) => name));
  const used = new Set<string>([
    routing.root.receiver,
    ...routing.root.routes.map(({ receiver }) => receiver),
  ]);
  const problem = (name: string, what: string): Problem => ({
    code: 'SL1509',
    where: `receiver ${name}`,
    what,
    fix: 'make alerts/routing.ts and alerts/receivers.ts agree',
  });
  return [
    ...[...used].filter((name) => !declared.has(name)).map((name) => problem(name, 'it is not declared')),
    ...[...declared].filter((name) => !used.has(name)).map((name) => problem(name, 'no route leads to it')),
  ];
}
