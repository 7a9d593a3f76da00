/** What stands in golden files for the state directory, which differs from machine to machine. */
export const goldenStateDir = '/var/lib/sightline';
