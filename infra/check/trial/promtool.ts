import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SightlineError } from '../../../telemetry/errors.ts';
import { type FileReport, readReport } from './report.ts';

/** Longest that promtool may take over one call, in milliseconds. */
const callTimeoutMs = 300_000;
/** Of what promtool says on its error output, in characters. */
const errorLimit = 4_000;
const reportFile = 'report.xml';

/** Files of one call, by name; those that end in `.test.json` are run. */
export type TestFiles = ReadonlyMap<string, string>;

/**
 * Runs `promtool test rules` in a directory that it makes, and gives what it reports about each test file. A test
 * that fails is an answer like any other. Throws SL1515 when promtool itself does not do its work.
 */
export async function runPromtool(
  promtool: string,
  dir: string,
  files: TestFiles,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileReport>> {
  await mkdir(dir);
  await Promise.all([...files].map(([name, text]) => writeFile(join(dir, name), text)));
  const tests = [...files.keys()].filter((name) => name.endsWith('.test.json'));
  const child = spawn(promtool, ['test', 'rules', `--junit=${reportFile}`, ...tests], {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its databases lie in the directory too, so that nothing stays behind when it is ended. It lives for seconds, in
    // which collecting garbage at Go's usual rate costs more than the memory is worth.
    env: { ...process.env, TMPDIR: dir, GOGC: '400' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(callTimeoutMs)]),
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-errorLimit);
  });
  let error: Error | undefined;
  await new Promise<void>((resolve) => {
    child.once('close', resolve).once('error', (cause) => {
      error = cause;
      // One that never started does not close; one that is being ended may still write until it does.
      if (child.pid === undefined) resolve();
    });
  });
  signal.throwIfAborted();
  const xml = error ? '' : await readFile(join(dir, reportFile), 'utf8').catch(() => '');
  const reports = readReport(xml);
  const missing = tests.find((name) => !reports.has(name));
  if (missing !== undefined)
    throw new SightlineError('SL1515', {
      what: `promtool did not report on its tests: ${(error?.message ?? said).trim()}`,
      where: promtool,
      fix: '`npm run toolchain -- list` says which promtool is used; it must be of the version that is wanted',
    });
  return reports;
}
