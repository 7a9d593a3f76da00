import { beforeEach, describe, expect, it } from 'vitest';
import { CanaryLedger, type Verdict } from './ledger.ts';

let verdicts: Verdict[];
let delays: number[];
let ledger: CanaryLedger;

beforeEach(() => {
  verdicts = [];
  delays = [];
  ledger = new CanaryLedger({
    deadlineMs: 60_000,
    onVerdict: (verdict) => verdicts.push(verdict),
    onFound: (delay) => delays.push(delay),
  });
});

/** Acknowledged at so many seconds. */
const acknowledged = (...at: readonly number[]): void => {
  for (const [sequence, second] of at.entries())
    ledger.acknowledged(sequence, second * 1000 - 5, second * 1000);
  verdicts.length = 0;
};

describe('the ledger of the canary', () => {
  it('measures from the acknowledgement to the look that found it', () => {
    acknowledged(10);
    ledger.looked([0], 14_500);
    expect([verdicts, delays]).toEqual([['found'], [4500]]);
  });

  it('calls nothing missing while nothing comes, however long', () => {
    acknowledged(1, 2, 3);
    ledger.looked([], 3_600_000);
    expect(verdicts).toEqual([]);
    expect([ledger.waiting, ledger.oldestWaitingMs(3_600_000)]).toEqual([3, 3_599_000]);
  });

  it('calls missing what was overtaken by the deadline and more, once', () => {
    acknowledged(1, 61, 62);
    ledger.looked([1], 63_000);
    expect(verdicts).toEqual(['found']);
    ledger.looked([1, 2], 64_000);
    ledger.looked([1, 2], 65_000);
    expect(verdicts).toEqual(['found', 'found', 'missing']);
    expect(ledger.waiting).toBe(0);
  });

  it('says so when a missing line comes after all', () => {
    acknowledged(1, 62);
    ledger.looked([1], 63_000);
    ledger.looked([0, 1], 70_000);
    expect(verdicts).toEqual(['found', 'missing', 'late']);
  });

  it('counts each further copy once', () => {
    acknowledged(1);
    ledger.looked([0, 0], 2000);
    ledger.looked([0, 0], 3000);
    ledger.looked([0, 0, 0], 4000);
    expect(verdicts).toEqual(['found', 'duplicate', 'duplicate']);
  });

  it('counts a line that stands before an earlier one once', () => {
    acknowledged(1, 2, 3);
    ledger.looked([1, 0, 2], 4000);
    ledger.looked([1, 0, 2], 5000);
    expect(verdicts).toEqual(['found', 'found', 'found', 'out_of_order']);
  });

  it('forgets what it is done with, and passes over what it never knew', () => {
    acknowledged(1, 2);
    ledger.looked([0, 7], 2000);
    expect(ledger.oldestSentAt).toBe(995);
    ledger.looked([0], 200_000);
    expect(ledger.oldestSentAt).toBe(1995);
    ledger.looked([0, 0], 201_000);
    expect(verdicts).toEqual(['found']);
  });
});
