import type { Reporter, TestCase, TestModule } from 'vitest/node';

export interface TestTally {
  passed: number;
  failed: number;
  /** Names of skipped tests with the reason each gave. */
  readonly skipped: { readonly name: string; readonly reason: string }[];
  /** Names of tests that failed and then passed: to be looked into, though they count as passed. */
  readonly again: string[];
}

/** Counts what vitest ran, across projects; printing is vitest's default reporter's business. */
export class TallyReporter implements Reporter {
  readonly tally: TestTally = { passed: 0, failed: 0, skipped: [], again: [] };

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state === 'passed') this.tally.passed += 1;
    if (test.diagnostic()?.flaky === true) this.tally.again.push(test.fullName);
    if (result.state === 'failed') this.tally.failed += 1;
    if (result.state === 'skipped')
      this.tally.skipped.push({ name: test.fullName, reason: result.note ?? 'no reason given' });
  }

  /** A file that cannot be loaded, or whose set-up fails, has no failing test: count it as one. */
  onTestModuleEnd(module: TestModule): void {
    if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0)
      this.tally.failed += 1;
  }
}
