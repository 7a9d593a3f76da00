import { setTimeout as delay } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Faults } from './injector.ts';

/** The most that the memory fault holds, and what it adds each second, in bytes. */
const memoryCeiling = 768 * 1024 * 1024;
const memoryStep = 32 * 1024 * 1024;
/** Milliseconds that the slow-consumer fault adds to a delivery. */
const slowDeliveryMs = 10_000;

/** An error that was asked for. Its name and message say so in every log line, so that nobody hunts for it. */
export class InjectedFault extends Error {
  constructor(what: string) {
    super(`${what} (injected on demand)`);
    this.name = 'InjectedFault';
  }
}

/** First handler of every route but the operational ones: errors and latency. */
export function faultyRequests(faults: Faults): RequestHandler {
  return async (_request, _response, next) => {
    if (faults.strikes('latency')) await delay(1000 + Math.random() * 2000);
    if (faults.strikes('errors')) throw new InjectedFault('the request fails');
    next();
  };
}

/** Before every event delivery. `stopped` cuts the waiting short at shutdown. */
export async function faultyDelivery(faults: Faults, stopped: AbortSignal): Promise<void> {
  if (faults.strikes('slow-consumer'))
    await delay(slowDeliveryMs, undefined, { signal: stopped }).catch(() => {});
  if (faults.strikes('errors')) throw new InjectedFault('the delivery fails');
}

/** Filled, because untouched pages would not be resident. */
function residentBuffer(): ArrayBuffer {
  const buffer = new ArrayBuffer(memoryStep);
  new Uint8Array(buffer).fill(1);
  return buffer;
}

/** The faults that happen to the whole process, by the second. Returns how to stop them. */
export function startProcessFaults(faults: Faults, exit: (code: number) => void): () => void {
  const held: ArrayBuffer[] = [];
  const timer = setInterval(() => {
    if (faults.strikes('crash')) exit(1);
    const wanted = faults.rate('memory') * memoryCeiling;
    if ((held.length + 1) * memoryStep <= wanted) held.push(residentBuffer());
    // Transferred to nowhere, which frees it now rather than at some garbage collection.
    else if (wanted === 0) for (const buffer of held.splice(0)) buffer.transfer(0);
  }, 1000);
  timer.unref();
  return () => clearInterval(timer);
}
