import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What every runbook tells, in this order. */
const runbookSections = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'] as const;

export const runbookDirectory = path.join(import.meta.dirname, '../docs/runbooks');

/** The runbooks by id, which is the file's name without `.md`. */
export async function readRunbooks(directory = runbookDirectory): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.md')).sort();
  const pages = files.map(
    async (file) => [path.basename(file, '.md'), await readFile(path.join(directory, file), 'utf8')] as const,
  );
  return new Map(await Promise.all(pages));
}

/** Sections that a runbook lacks or leaves empty. */
export function missingSections(markdown: string): readonly string[] {
  const bodies = new Map<string, string>();
  for (const part of markdown.split(/^## /m).slice(1)) {
    const [title = '', ...body] = part.split('\n');
    bodies.set(title.trim(), body.join('\n').trim());
  }
  return runbookSections.filter((section) => !bodies.get(section));
}
