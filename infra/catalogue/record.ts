import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';
import type { CatalogueMetric } from '../../telemetry/catalogue/types.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { repositoryRoot } from '../repository.ts';
import type { Finding } from './compare.ts';

const metricRecord = z.strictObject({
  state: z.enum(['verified', 'different', 'not seen']),
  /** Of the entry that was compared: see `entryHash`. */
  entry: z.string().regex(/^[0-9a-f]{12}$/),
  why: z.string().optional(),
  /** Labels it has beside those that are listed, with commas between them. */
  unlisted: z.string().optional(),
});

const componentRecord = z.strictObject({
  /** What the component said its version was. */
  version: z.string(),
  date: z.iso.date(),
  metrics: z.record(z.string(), metricRecord),
});

const verificationRecord = z.record(z.string(), componentRecord);

type MetricRecord = z.infer<typeof metricRecord>;
export type ComponentRecord = z.infer<typeof componentRecord>;

/** What was found when each component was last run, by component: telemetry/catalogue/verified.json. */
export type VerificationRecord = Readonly<Record<string, ComponentRecord>>;

export const recordPath = 'telemetry/catalogue/verified.json';
const recordFile = join(repositoryRoot, recordPath);

/** @throws {SightlineError} SL1804 when the file is not what `writeRecord` writes */
export function readRecord(file = recordFile): VerificationRecord {
  try {
    return verificationRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new SightlineError('SL1804', {
      what: `it cannot be read: ${cause instanceof z.ZodError ? z.prettifyError(cause) : cause}`,
      where: file === recordFile ? recordPath : file,
      fix: 'take the committed file, git checkout -- telemetry/catalogue/verified.json, and verify again what changed',
      cause,
    });
  }
}

/** Components in alphabetical order, so that a run of one changes nothing of the others. */
export function writeRecord(record: VerificationRecord): void {
  const sorted = Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b)));
  writeFileAtomically(recordFile, `${JSON.stringify(sorted, null, 2)}\n`, readableByAll);
}

/** Changes with whatever of an entry was compared; its help text is for people. */
export function entryHash(name: string, { type, exposedAs, labels }: CatalogueMetric): string {
  const compared = JSON.stringify([name, exposedAs ?? type, labels.toSorted()]);
  return createHash('sha256').update(compared).digest('hex').slice(0, 12);
}

/** What is kept of a finding. */
export function metricRecordOf(name: string, entry: CatalogueMetric, finding: Finding): MetricRecord {
  const hash = entryHash(name, entry);
  if (finding.state !== 'verified') return { state: finding.state, entry: hash, why: finding.why };
  const { state, unlisted } = finding;
  return { state, entry: hash, ...(unlisted.length === 0 ? {} : { unlisted: unlisted.join(', ') }) };
}
