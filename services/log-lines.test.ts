import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { logLines } from '../telemetry/contract/log-lines.ts';

const sources = globSync('**/*.ts', { cwd: import.meta.dirname })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(import.meta.dirname, file), 'utf8') }));

const writersOf = (name: string) =>
  sources.filter(({ text }) => text.includes(`line('${name}')`)).map(({ file }) => file);

describe('a line that alerts and saved queries select', () => {
  const declared = Object.entries(logLines).filter(([, definition]) => 'message' in definition);

  it.each(declared)('%s is written by a service that the contract names', (name, { services }) => {
    const folders: readonly string[] = [...services, 'kit'];
    expect(writersOf(name)).toHaveLength(1);
    expect(folders).toContain(writersOf(name)[0]?.split(path.sep)[0]);
  });
});
