/** For a bus whose store must not fail: trouble fails the test. */
export function noTrouble(error: unknown): never {
  throw error;
}
