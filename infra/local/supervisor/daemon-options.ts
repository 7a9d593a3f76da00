import { parseArgs } from 'node:util';
import type { Problem } from '../../../telemetry/errors.ts';
import { parseExtras } from '../extras.ts';
import type { LocalOptions } from '../plan.ts';

/** What a command tells the supervisor that it launches: the plan's options, and whom the stack ends with. */
export interface DaemonOptions extends Omit<LocalOptions, 'env'> {
  /** The pid of the command in the foreground, or null. */
  readonly owner: number | null;
}

/** What the supervisor tells the command that launched it, once. */
export type LaunchReport =
  | { readonly kind: 'listening' }
  | { readonly kind: 'failed'; readonly error: Problem };

export function daemonArguments(options: DaemonOptions): readonly string[] {
  return [
    `--state-dir=${options.stateDir}`,
    `--port-offset=${options.portOffset}`,
    `--time-scale=${options.timeScale}`,
    ...(options.traffic === false ? ['--no-traffic'] : []),
    ...(options.trafficRate === undefined ? [] : [`--traffic-rate=${options.trafficRate}`]),
    ...(options.inboxOnly ? ['--inbox-only'] : []),
    ...(options.with ?? []).map((extra) => `--with=${extra}`),
    ...(options.owner === null ? [] : [`--owner=${options.owner}`]),
  ];
}

/** The inverse of daemonArguments: the command has validated them. */
export function parseDaemonOptions(args: readonly string[]): DaemonOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      'state-dir': text,
      'port-offset': text,
      'time-scale': text,
      'no-traffic': { type: 'boolean' },
      'traffic-rate': text,
      'inbox-only': { type: 'boolean' },
      with: { type: 'string', multiple: true },
      owner: text,
    },
  });
  return {
    stateDir: values['state-dir'] ?? '',
    portOffset: Number(values['port-offset']),
    timeScale: Number(values['time-scale']),
    traffic: values['no-traffic'] !== true,
    ...(values['traffic-rate'] === undefined ? {} : { trafficRate: Number(values['traffic-rate']) }),
    inboxOnly: values['inbox-only'] === true,
    with: parseExtras(values.with ?? []),
    owner: values.owner === undefined ? null : Number(values.owner),
  };
}
