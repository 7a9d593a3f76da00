/** The sample's users are known to everyone: `demo-01` to `demo-NN`. */
export function demoUserName(index: number): string {
  return `demo-${String(index + 1).padStart(2, '0')}`;
}

/** Theirs is no secret either; it keeps login honest work. */
export const demoPassword = 'sightline-demo';
