import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { inMemoryOfItsOwn } from '../../kit/memory.ts';
import { type Judged, type JudgingLimits, judged, type Sending } from './judge.ts';
import type { FromJudge } from './judge-thread.ts';

export interface JudgesOptions {
  readonly limits: JudgingLimits;
  /** A thread ended by itself; another takes its place. */
  readonly onTrouble?: (error: Error) => void;
}

/** What is smaller takes less time than its way to another thread and back. */
const wayBytes = 64 * 1024;
/** Each may hold the objects of a whole request; two outrun the thread that takes requests. */
const mostThreads = 2;
/** One that it works on, and those that follow, so that it does not wait for the thread that takes requests. */
const requestsOfThread = 4;

/** Judges small requests where it is called, and others in threads beside, so that no request waits for a large one. */
export class Judges {
  readonly #limits: JudgingLimits;
  readonly #threads: Piscina<Sending, FromJudge>;

  constructor({ limits, onTrouble }: JudgesOptions) {
    this.#limits = limits;
    this.#threads = new Piscina({
      filename: fileURLToPath(new URL('./judge-thread.ts', import.meta.url)),
      // From the first large request on: to begin one takes longer than an answer should.
      minThreads: 0,
      maxThreads: Math.min(availableParallelism(), mostThreads),
      concurrentTasksPerWorker: requestsOfThread,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: limits,
      recordTiming: false,
    });
    this.#threads.on('error', (error: Error) => onTrouble?.(error));
  }

  /**
   * The memory of the body may be gone after it.
   * @param bytes of the body once it is opened
   * @throws HttpProblem 400, 413
   */
  async judge(sending: Sending, bytes: number): Promise<Judged> {
    if (bytes < wayBytes) return judged(sending, this.#limits);
    const body = inMemoryOfItsOwn(sending.body);
    const answer = await this.#threads.run({ ...sending, body }, { transferList: [body.buffer] });
    if ('judged' in answer) return answer.judged;
    const { status, message, members } = answer.problem;
    throw new HttpProblem(status, message, members);
  }

  /** Waits for what is under way. */
  close(): Promise<void> {
    return this.#threads.close();
  }
}
