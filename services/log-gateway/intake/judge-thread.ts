import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { HttpProblem } from '../../../telemetry/instrument/problem.ts';
import { giveBack } from '../../kit/memory.ts';
import { type Judged, type JudgingLimits, judged, type Sending } from './judge.ts';

/** What crosses from a judging thread; an error that crosses loses its class. */
export type FromJudge =
  | { readonly judged: Judged }
  | { readonly problem: Pick<HttpProblem, 'status' | 'message' | 'members'> };

const limits = workerData as JudgingLimits;

/** The bodies of the batches are handed over, not copied. */
export default function judgeInThread(sending: Sending): unknown {
  try {
    const result = judged(sending, limits);
    giveBack(sending.body);
    return move({
      [transferableSymbol]: result.batches.map(({ body }) => body.buffer),
      [valueSymbol]: { judged: result } satisfies FromJudge,
    });
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    const { status, message, members } = error;
    return { problem: { status, message, members } } satisfies FromJudge;
  }
}
