/** What stands in golden files for the directory that files refer to, which differs from machine to machine. */
export const goldenRoot = '/var/lib/sightline';
