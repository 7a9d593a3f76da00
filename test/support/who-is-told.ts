/** Who is told of what, written down once more: the routing is not its own witness. */
const ofSeverity: Readonly<Record<string, readonly string[]>> = {
  critical: ['incidents'],
  warning: ['alerts'],
  info: ['monitoring'],
  none: ['heartbeat'],
};

const ofTeam: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  compliance: { critical: ['compliance'], warning: ['compliance'] },
};

/** Receivers of an alert with these labels, in the order of the routes. */
export const receiversOf = ({
  severity = '',
  team = '',
}: Readonly<Record<string, string>>): readonly string[] => [
  ...(ofTeam[team]?.[severity] ?? []),
  ...(ofSeverity[severity] ?? ['alerts']),
];
