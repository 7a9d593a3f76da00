import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { executableOnPath } from '../../infra/local/toolchain/path-lookup.ts';
import { toYaml } from '../../infra/render/yaml.ts';
import { repositoryRoot } from '../../infra/repository.ts';

const timeoutMs = 9 * 60_000;
const outputLimit = 64 * 1024 * 1024;

/** What is not on PATH of what a real deployment takes; it comes from no registry. */
export async function missingForPulumi(): Promise<readonly string[]> {
  const needed = ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'];
  const found = await Promise.all(needed.map((name) => executableOnPath(name, process.env)));
  return needed.filter((_, index) => found[index] === undefined);
}

/** A stack of this program in a folder of its own: state, configuration and secrets are there and nowhere else. */
export interface PulumiStack {
  /** Runs `pulumi` with the stack selected; what it prints. */
  readonly run: (...args: string[]) => Promise<string>;
  readonly setSecret: (name: string, value: string) => Promise<string>;
}

/** Lets `work` use a stack of that name that leads to the kubeconfig's cluster. */
export async function withStack(
  name: string,
  cluster: { readonly kubeconfig: string; readonly context: string },
  work: (stack: PulumiStack) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-pulumi-'));
  try {
    await copyFile(join(repositoryRoot, 'Pulumi.yaml'), join(folder, 'Pulumi.yaml'));
    // The program itself, and the packages beside it.
    await symlink(join(repositoryRoot, 'infra'), join(folder, 'infra'));
    const config = { 'sightline:context': cluster.context, 'sightline:cluster': cluster.context };
    await writeFile(join(folder, `Pulumi.${name}.yaml`), toYaml({ config }));
    const env = {
      ...process.env,
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      KUBECONFIG: cluster.kubeconfig,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: 'of a stack that lives for a test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    };
    const pulumi = async (...args: string[]): Promise<string> => {
      const all = [...args, '--non-interactive', '--color=never'];
      const { stdout } = await promisify(execFile)('pulumi', all, {
        cwd: folder,
        env,
        timeout: timeoutMs,
        maxBuffer: outputLimit,
      });
      return stdout;
    };
    await pulumi('stack', 'init', name);
    const run = (...args: string[]): Promise<string> => pulumi(...args, `--stack=${name}`);
    await work({ run, setSecret: (key, value) => run('config', 'set', '--secret', key, value) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
