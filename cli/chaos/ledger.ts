import type { Pipeline } from './pipeline-processes.ts';
import { storedLines } from './stored-lines.ts';

export interface Ledger {
  readonly acknowledged: number;
  readonly stored: number;
  readonly deadLetters: number;
  /** Acknowledged, and neither in Loki nor among the dead letters. */
  readonly lost: readonly string[];
  /** Lines in Loki beyond the first of an id. */
  readonly duplicates: number;
  /** In Loki without an acknowledgement: the gateway died between the disk and its answer. */
  readonly unacknowledged: number;
}

/** Compares what was acknowledged with what is there. */
export async function readLedger(
  pipeline: Pipeline,
  acknowledged: ReadonlySet<string>,
  dead: ReadonlySet<string>,
  sinceMs: number,
): Promise<Ledger> {
  const stored = new Set<string>();
  let lines = 0;
  for await (const { line } of storedLines(pipeline.loki.url, pipeline.organization, sinceMs)) {
    lines += 1;
    stored.add(idOf(line));
  }
  return {
    acknowledged: acknowledged.size,
    stored: stored.size,
    deadLetters: dead.size,
    lost: [...acknowledged].filter((id) => !stored.has(id) && !dead.has(id)),
    duplicates: lines - stored.size,
    unacknowledged: [...stored].filter((id) => !acknowledged.has(id)).length,
  };
}

const idOf = (line: string): string => String((JSON.parse(line) as { readonly id: unknown }).id);
