import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { commandTable } from '../../cli/command-table.ts';
import { namesBelow } from '../../infra/config/keys.ts';
import { environmentNames } from '../../infra/config/names.ts';
import { environmentFile, parseEnvironment } from '../../infra/config.ts';
import { repository } from './sources.ts';

const pages = [
  ...['README.md', 'CONTRIBUTING.md'].map((name) => join(repository, name)),
  ...readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(repository, 'docs', name)),
].map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** As GitHub makes the id of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));

const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')));

/** Every command of npm in blocks of code, without what stands behind a #. */
const commands = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/^ *```(?:sh|bash|)\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .flatMap((line) => {
        const [, name, args = ''] =
          /(?:^|\s)npm run ([\w:-]+)(?: -- (.*?))?(?: {2,}| #| *$)/.exec(line) ?? [];
        return name === undefined ? [] : [{ page: relative(repository, path), name, args }];
      }),
  ),
);

/** Flags that neither the command nor the part of it that is named has. */
function unknownFlags(command: Command, words: readonly string[]): readonly string[] {
  const part = command.commands.find((each) => each.name() === words[0]);
  if (part) return unknownFlags(part, words.slice(1));
  const known = new Set(['--help', ...command.options.map(({ long }) => long)]);
  return words.filter((word) => word.startsWith('--')).filter((flag) => !known.has(flag.split('=')[0] ?? ''));
}

/** Blocks of YAML that are keys of an environment file. */
const environmentExamples = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].flatMap(([, indent = '', block = '']) => {
    const keys = z
      .record(z.string(), z.unknown())
      .safeParse(parse(block.replaceAll(new RegExp(`^${indent}`, 'gm'), '')));
    const isOurs = keys.success && Object.keys(keys.data).every((name) => namesBelow([]).includes(name));
    return isOurs ? [{ page: relative(repository, path), keys: keys.data }] : [];
  }),
);

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of the one put into the other, groups together. */
const merged = (base: unknown, more: unknown): unknown =>
  isGroup(base) && isGroup(more)
    ? {
        ...base,
        ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, merged(base[key], value)])),
      }
    : more;

describe('documents', () => {
  it('have examples that the file of one environment at least may have', () => {
    expect(environmentExamples.length).toBeGreaterThan(2);
    const said = environmentExamples.flatMap(({ page, keys }) => {
      const refusals = environmentNames.flatMap((name) => {
        const base: unknown = parse(readFileSync(environmentFile(name), 'utf8'));
        try {
          parseEnvironment(stringify(merged(base, keys)), page, '2026-11-21');
          return [];
        } catch (error) {
          return [`${name}: ${error}`];
        }
      });
      return refusals.length < environmentNames.length ? [] : refusals;
    });
    expect(said).toEqual([]);
  });

  it('link to pages and headings that are there', () => {
    const broken = pages.flatMap(({ path, text }) =>
      [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
        if (/^[a-z]+:/.test(link)) return [];
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? path : resolve(dirname(path), file);
        const there =
          existsSync(target) && (anchor === undefined || anchorsIn(readFileSync(target, 'utf8')).has(anchor));
        return there ? [] : [`${relative(repository, path)}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it('name commands that are there, with options that they have', async () => {
    expect(commands.length).toBeGreaterThan(40);
    const wrong = await Promise.all(
      commands.map(async ({ page, name, args }) => {
        const script = scripts[name];
        if (script === undefined) return [`${page}: npm run ${name}`];
        const own = /cli\/boot\.cjs (\S+)/.exec(script)?.[1];
        const entry = commandTable.find((each) => each.name === own);
        if (!entry) return [];
        const flags = unknownFlags(await entry.load(), args.split(/\s+/).filter(Boolean));
        return flags.map((flag) => `${page}: npm run ${name} -- ${args}: ${flag}`);
      }),
    );
    expect(wrong.flat()).toEqual([]);
  });
});
