import path from 'node:path';

/** The clone that this file is in, absolute, without a slash at the end. */
export const repositoryRoot = path.resolve(import.meta.dirname, '..');
