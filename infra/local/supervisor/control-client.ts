import { type Problem, SightlineError } from '../../../telemetry/errors.ts';
import { readSupervisorFile } from '../state/pid-files.ts';
import { type HttpAnswer, httpCall } from './http-call.ts';
import type { StackStatus } from './status.ts';

const timeoutMs = 5_000;

/** The running stack's status, or undefined when no supervisor listens. Throws SL1306 when it hangs. */
export async function readStackStatus(stateDir: string): Promise<StackStatus | undefined> {
  const answer = await callSupervisor(stateDir, 'GET', '/status');
  return answer === undefined ? undefined : (JSON.parse(answer.body) as StackStatus);
}

/** Asks the supervisor to stop everything; returns before it has. False when none runs. */
export async function requestStop(stateDir: string, force = false): Promise<boolean> {
  return (await callSupervisor(stateDir, 'POST', '/stop', { force })) !== undefined;
}

/** Keeps a process of the running stack down. Throws SL1309 (no such process or time), SL1310 (no stack runs). */
export function holdProcess(stateDir: string, process: string, seconds: number): Promise<StackStatus> {
  return changeProcess(stateDir, '/hold', { process, seconds });
}

/** Ends a hold early. Throws SL1309 (no such process), SL1310 (no stack runs). */
export function releaseProcess(stateDir: string, process: string): Promise<StackStatus> {
  return changeProcess(stateDir, '/release', { process });
}

async function changeProcess(stateDir: string, path: string, body: object): Promise<StackStatus> {
  const answer = await callSupervisor(stateDir, 'POST', path, body);
  if (answer === undefined) {
    throw new SightlineError('SL1310', {
      what: 'no stack is running',
      where: stateDir,
      fix: 'start it: npm start',
    });
  }
  const parsed: StackStatus | Problem = JSON.parse(answer.body);
  if ('code' in parsed) throw new SightlineError(parsed.code, parsed);
  return parsed;
}

async function callSupervisor(
  stateDir: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<HttpAnswer | undefined> {
  const record = readSupervisorFile(stateDir);
  if (record === undefined) return undefined;
  try {
    return await httpCall({
      method,
      url: `http://supervisor${path}`,
      socketPath: record.socket,
      timeoutMs,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (isNobodyThere(error)) return undefined;
    throw new SightlineError('SL1306', {
      what: `the supervisor does not answer: ${error instanceof Error ? error.message : String(error)}`,
      where: `pid ${record.pid}, ${record.socket}`,
      fix: 'npm run down ends it and all it started',
      cause: error,
    });
  }
}

/** Nobody listens, or the listener ended while we spoke to it. */
function isNobodyThere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET';
}
