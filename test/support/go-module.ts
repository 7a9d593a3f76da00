import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { repositoryRoot } from '../../infra/repository.ts';

const downloaded = z.object({ Dir: z.string() });

/** Where Go keeps the version that go.mod asks for, once its sum is the one in go.sum. */
export async function goModuleFolder(folder: string, path: string): Promise<string> {
  const cwd = join(repositoryRoot, 'infra/local/toolchain/go', folder);
  const version = new RegExp(`${path} (v\\S+)`).exec(await readFile(join(cwd, 'go.mod'), 'utf8'))?.[1];
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', `${path}@${version}`], {
    cwd,
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly' },
    timeout: 300_000,
  });
  return downloaded.parse(JSON.parse(stdout)).Dir;
}
