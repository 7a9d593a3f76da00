import { fileURLToPath } from 'node:url';

/** The clone that this file is in, without a slash at the end. */
export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
