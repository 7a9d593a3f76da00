import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Repeat } from './repeat.ts';

describe('asking again and again', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A store that takes this long for each answer. */
  function slow(ms: number) {
    const seen = { asked: 0, answered: 0, atOnce: 0, most: 0 };
    const ask = async (): Promise<void> => {
      seen.asked += 1;
      seen.atOnce += 1;
      seen.most = Math.max(seen.most, seen.atOnce);
      await new Promise((resolve) => setTimeout(resolve, ms));
      seen.atOnce -= 1;
      seen.answered += 1;
    };
    return { seen, ask };
  }

  it('waits for an answer that takes longer than the pause', async () => {
    const { seen, ask } = slow(5000);
    const repeat = new Repeat(ask, 2000);
    repeat.set(true);
    await vi.advanceTimersByTimeAsync(21_000);
    expect(seen).toEqual({ asked: 3, answered: 3, atOnce: 0, most: 1 });
    repeat.set(false);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen.asked).toBe(3);
  });

  it('asks once at a time when it is turned off and on meanwhile', async () => {
    const { seen, ask } = slow(5000);
    const repeat = new Repeat(ask, 2000);
    repeat.set(true);
    await vi.advanceTimersByTimeAsync(3000);
    repeat.set(false);
    repeat.set(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen.most).toBe(1);
    expect(seen.answered).toBeGreaterThan(2);
    repeat.set(false);
  });

  it('goes on after a failure, which whoever asks has shown', async () => {
    let asked = 0;
    const repeat = new Repeat(async () => {
      asked += 1;
      throw new Error('the store is down');
    }, 2000);
    repeat.set(true);
    await vi.advanceTimersByTimeAsync(6500);
    expect(asked).toBe(3);
    repeat.set(false);
  });
});
