import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readableByAll, writeFileAtomically } from '../../../telemetry/atomic-file.ts';
import type { ServiceName } from '../../../telemetry/contract/services.ts';
import { SightlineError } from '../../../telemetry/errors.ts';
import { canHaveFault, type FaultKind, faultKindNames, faultKinds } from './kinds.ts';

export const faultSchema = z.strictObject({
  kind: z.enum(faultKindNames),
  /** Share or probability, see the kind; greater than 0, at most 1. */
  rate: z.number().gt(0).max(1),
  /** When it ends by itself, RFC 3339. */
  until: z.iso.datetime({ offset: true }),
});
const fileSchema = z.strictObject({ faults: z.array(faultSchema).max(faultKindNames.length) });

export type Fault = z.output<typeof faultSchema>;

/** A fault lasts at most a day. */
const maxFaultSeconds = 24 * 60 * 60;

export function faultsFile(directory: string, service: ServiceName): string {
  return join(directory, `${service}.json`);
}

/** @throws SightlineError SL1707 naming the field that is wrong. */
export function parseFaults(text: string, where: string): readonly Fault[] {
  const invalid = (field: string, why: string, cause?: unknown) =>
    new SightlineError('SL1707', {
      what: `${field}: ${why}`,
      where,
      fix: 'set faults with `npm run fault`, or delete the file',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid('the file', 'is not JSON', cause);
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data.faults;
  const issue = parsed.error.issues[0];
  throw invalid(issue?.path.join('.') || 'the file', issue?.message ?? 'is not valid');
}

/**
 * The faults that a service has now; what has expired is left out.
 * @throws SightlineError SL1707
 */
export function readFaults(directory: string, service: ServiceName, now = Date.now()): readonly Fault[] {
  const path = faultsFile(directory, service);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return parseFaults(text, path).filter((fault) => Date.parse(fault.until) > now);
}

export interface FaultRequest {
  readonly service: ServiceName;
  readonly kind: FaultKind;
  /** Default: the kind's own. */
  readonly rate?: number;
  /** At most a day. */
  readonly seconds: number;
}

/** @throws SightlineError SL1706 for less than a second, or more than a day */
export function checkFaultSeconds(seconds: number, where: string): void {
  if (seconds >= 1 && seconds <= maxFaultSeconds) return;
  throw new SightlineError('SL1706', {
    what: `the duration of ${seconds} seconds is out of range`,
    where,
    fix: 'take from 1s to 24h',
  });
}

/**
 * The fault that is asked for, if it begins now.
 * @throws SightlineError SL1705 when the service cannot have it, SL1706 when a number is out of range.
 */
export function plannedFault(request: FaultRequest): Fault {
  const { service, kind, seconds } = request;
  const rate = request.rate ?? faultKinds[kind].defaultRate;
  if (!canHaveFault(service, kind)) {
    throw new SightlineError('SL1705', {
      what: `${service} cannot have the fault ${kind}`,
      where: 'npm run fault',
      fix: `take one of ${faultKindNames.filter((name) => canHaveFault(service, name)).join(', ')}`,
    });
  }
  if (!(rate > 0 && rate <= 1)) {
    throw new SightlineError('SL1706', {
      what: `the rate ${rate} is out of range`,
      where: `fault ${service} ${kind}`,
      fix: 'take a rate greater than 0 and at most 1',
    });
  }
  checkFaultSeconds(seconds, `fault ${service} ${kind}`);
  return { kind, rate, until: new Date(Date.now() + seconds * 1000).toISOString() };
}

/** Begins a fault, or changes the one of the same kind; throws what `plannedFault` does. */
export function writeFault(directory: string, request: FaultRequest): Fault {
  const { service, kind } = request;
  const fault = plannedFault(request);
  const others = readFaultsOrNone(directory, service).filter((other) => other.kind !== kind);
  writeFaults(directory, service, [...others, fault]);
  return fault;
}

/** A broken file must not keep anybody from replacing it. */
function readFaultsOrNone(directory: string, service: ServiceName): readonly Fault[] {
  try {
    return readFaults(directory, service);
  } catch {
    return [];
  }
}

/** Ends every fault of a service, or only the one of a kind. */
export function clearFaults(directory: string, service: ServiceName, kind?: FaultKind): void {
  const others = readFaultsOrNone(directory, service).filter((fault) => fault.kind !== kind);
  if (kind === undefined || others.length === 0) rmSync(faultsFile(directory, service), { force: true });
  else writeFaults(directory, service, others);
}

function writeFaults(directory: string, service: ServiceName, faults: readonly Fault[]): void {
  writeFileAtomically(
    faultsFile(directory, service),
    `${JSON.stringify({ faults }, null, 2)}\n`,
    readableByAll,
  );
}
