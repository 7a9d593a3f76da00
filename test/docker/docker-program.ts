import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * A folder with a program `docker` for the host at a socket: Podman's client, which takes the same words.
 * @returns the environment in which it is the one on PATH; the folder is the caller's to remove
 */
export function dockerProgram(socket: string): { readonly folder: string; readonly env: NodeJS.ProcessEnv } {
  const folder = mkdtempSync(join(tmpdir(), 'sightline-docker-program-'));
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\nexec podman --remote --url 'unix://${socket}' "$@"\n`, {
    mode: 0o755,
  });
  return { folder, env: { PATH: [folder, process.env.PATH ?? ''].join(delimiter) } };
}
