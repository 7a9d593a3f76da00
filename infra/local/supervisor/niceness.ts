import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs a command so that it gives way to others where processors are short: by the `nice` of POSIX, since all its threads
 * are then born so.
 */
export const nicely = (
  niceness: number | undefined,
  file: string,
  args: readonly string[],
): readonly [file: string, args: readonly string[]] =>
  niceness === undefined ? [file, args] : ['nice', ['-n', String(niceness), file, ...args]];

/** Linux takes one such wish in 100 ms from those who are not root. */
const tries = 20;
const betweenTriesMs = 150;

/**
 * Makes a whole session give way. Where Linux groups processes by session (`sched_autogroup`), niceness counts only
 * within one, and a child of the supervisor has its own. Does nothing where there are no such groups: sched(7).
 * @param pid of the process that leads the session
 */
export async function sessionGivesWay(pid: number, niceness: number): Promise<void> {
  for (let left = tries; left > 0; left -= 1) {
    try {
      writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
      await delay(betweenTriesMs, undefined, { ref: false });
    }
  }
}
