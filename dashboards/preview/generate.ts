import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SightlineError } from '../../telemetry/errors.ts';
import type { Dashboards } from './dashboard-source.ts';
import type { DashboardOptions } from './environment.ts';
import type { DashboardModel } from './page/model.ts';

const script = fileURLToPath(new URL('./generate-main.ts', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

const timeoutMs = 30_000;
const maxOutputBytes = 50 * 1024 * 1024;
const maxErrorCharacters = 4000;

/** Folders that dashboards are generated from, and the files in them that matter. */
export const sourceFolders = ['dashboards', 'telemetry'].map((name) => `${root}${name}`);
export const isSource = (file: string): boolean =>
  file.endsWith('.ts') && !file.endsWith('.test.ts') && !/^preview[\\/]/.test(file);

/**
 * Generates the dashboards in a process of its own, so that sources saved since are read anew.
 * @throws SightlineError SL1618 with what the sources threw, or when that process does not end
 */
export async function generate(options: DashboardOptions): Promise<Dashboards> {
  const { code, output, errors } = await run(JSON.stringify(options));
  if (code !== 0) throw broken(errors.replaceAll(root, '').trim() || `it ended with ${code}`);
  const models = JSON.parse(output) as readonly DashboardModel[];
  return new Map(models.map((model) => [model.uid, model]));
}

interface Ended {
  readonly code: number | string;
  readonly output: string;
  readonly errors: string;
}

function run(options: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    const output: Buffer[] = [];
    let size = 0;
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > maxOutputBytes) child.kill();
      else output.push(chunk);
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      errors = (errors + chunk).slice(0, maxErrorCharacters);
    });
    child.on('error', (cause) => reject(broken('node could not be started', cause)));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? signal ?? 'no code', output: Buffer.concat(output).toString(), errors }),
    );
  });
}

const broken = (what: string, cause?: unknown): SightlineError =>
  new SightlineError('SL1618', {
    what,
    where: 'the sources of the dashboards',
    fix: 'mend the file and save it; until then the last good dashboards are shown',
    cause,
  });
