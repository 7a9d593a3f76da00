import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { SightlineError } from '../../telemetry/errors.ts';
import { type Silence, silenceSchema } from './silence.ts';

const largestFile = 16 * 1024 * 1024;
const kind = 'sightline/silences/v1';

const schema = z.object({
  kind: z.literal(kind),
  takenAt: z.iso.datetime(),
  silences: z.array(silenceSchema),
});

/** Writes a backup beside its place first, so that a run that is interrupted leaves the former one whole. */
export async function writeSilences(file: string, silences: readonly Silence[], now: Date): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    await writeFile(partial, `${JSON.stringify({ kind, takenAt: now.toISOString(), silences }, null, 2)}\n`);
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw unusable(
      `the backup cannot be written: ${reasonOf(cause)}`,
      file,
      'name a file in a folder that is there',
      cause,
    );
  }
}

/** @throws SightlineError SL1113 when the file cannot be read or is no backup of silences */
export async function readSilences(file: string): Promise<readonly Silence[]> {
  let text: string;
  try {
    if ((await stat(file)).size > largestFile) throw new Error(`it is larger than ${largestFile} bytes`);
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unusable(
      `the backup cannot be read: ${reasonOf(cause)}`,
      file,
      'name a file of `npm run backup`',
      cause,
    );
  }
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data.silences;
  const issue = parsed.error.issues[0];
  throw unusable(
    `this is no backup of silences: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
    file,
    'name a file that `npm run backup -- silences` wrote',
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unusable = (what: string, where: string, fix: string, cause?: unknown): SightlineError =>
  new SightlineError('SL1113', { what, where, fix, cause });
