import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One call of the stand-in: what stood on its command line, what came by standard input. */
export interface PulumiCall {
  readonly args: readonly string[];
  readonly input: string;
  /** Names of secrets that its environment held. */
  readonly variables: readonly string[];
}

/**
 * Pulumi's command line cannot be had from a package registry. This stands on PATH in its place: it keeps the keys that it
 * is given in a file, lists them as `pulumi config --json` does, and writes down every call. It encrypts nothing.
 */
export async function recordingPulumi(
  dir: string,
  { fails = '' }: { readonly fails?: string } = {},
): Promise<{ readonly bin: string; readonly calls: () => Promise<readonly PulumiCall[]> }> {
  const bin = join(dir, 'bin');
  const log = join(dir, 'calls.jsonl');
  await mkdir(bin, { recursive: true });
  await writeFile(log, '');
  await writeFile(
    join(bin, 'pulumi'),
    `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const state = ${JSON.stringify(join(dir, 'keys.json'))};
const keys = existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')) : {};
const args = process.argv.slice(2).filter((arg) => arg !== '--non-interactive');
const input = process.stdin.isTTY ? '' : readFileSync(0, 'utf8');
const variables = Object.keys(process.env).filter((name) => /SECRET|PASSWORD|WEBHOOK|HEARTBEAT|ROUTING_KEY/.test(name));
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, input, variables }) + '\\n');
if (${JSON.stringify(fails)} && args.join(' ').startsWith(${JSON.stringify(fails)})) {
  console.error('error: no credentials: log in first');
  process.exit(255);
}
if (args[0] === 'version') console.log('v3.259.0');
if (args[1] === 'set') {
  const [key, value] = args.filter((arg) => arg !== '--secret').slice(4);
  keys['sightline:' + key] = args.includes('--secret') ? { secret: true } : { value, secret: false };
  writeFileSync(state, JSON.stringify(keys));
}
if (args.includes('--json')) console.log(JSON.stringify(keys));
`,
  );
  await chmod(join(bin, 'pulumi'), 0o755);
  return {
    bin,
    calls: async () =>
      (await readFile(log, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line): PulumiCall => JSON.parse(line)),
  };
}
