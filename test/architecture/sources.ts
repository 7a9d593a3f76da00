import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const rooms = ['telemetry', 'services', 'alerts', 'dashboards', 'promtail', 'infra', 'cli'] as const;
export type Room = (typeof rooms)[number];

export interface SourceFile {
  /** Path relative to the repository. */
  readonly path: string;
  readonly room: Room;
  readonly text: string;
  /** Repository paths of what it imports, static, type-only or dynamic. */
  readonly imports: readonly string[];
}

const importPattern = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/** Every TypeScript file of the rooms, tests included. */
export function sourceFiles(): readonly SourceFile[] {
  return rooms.flatMap((room) =>
    readdirSync(join(repository, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('node_modules/'))
      .map((name) => {
        const file = join(repository, room, name);
        const text = readFileSync(file, 'utf8');
        const imports = [...text.matchAll(importPattern)].map(([, target = '']) =>
          relative(repository, resolve(dirname(file), target)),
        );
        return { path: relative(repository, file), room, text, imports };
      }),
  );
}

/** The room a repository path lies in, if any. */
export function roomOf(path: string): Room | undefined {
  return rooms.find((room) => path.startsWith(`${room}/`));
}
