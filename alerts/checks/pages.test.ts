import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../telemetry/errors.ts';
import { checkIds } from './ids.ts';
import { checks } from './index.ts';
import { complaintsAbout } from './support/examples.ts';

const repository = join(import.meta.dirname, '../..');
const pages = join(repository, 'docs/checks');
const sections = ['Finds', 'Why it hurts', 'Instead of', 'Write', 'Suppress'];

/** Files of a folder that end so, without that end. */
const named = (folder: string, end: string): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(end))
    .map((file) => file.slice(0, -end.length));

/** What a page says under each of its headings. */
function bodiesOf(id: string): Readonly<Record<string, string>> {
  const parts = readFileSync(join(pages, `${id}.md`), 'utf8')
    .split(/^## /m)
    .slice(1);
  return Object.fromEntries(
    parts.map((part) => [part.split('\n')[0] ?? '', part.slice(part.indexOf('\n')).trim()]),
  );
}

const promqlIn = (body = ''): readonly string[] =>
  [...body.matchAll(/```promql\n(.*?)\n```/gs)].map(([, query = '']) => query);

describe('every check', () => {
  it('has one file, one test and one page, and each of these has its check', () => {
    const ids = [...checkIds].sort();
    const files = named(import.meta.dirname, '.ts');
    const tests = named(import.meta.dirname, '.test.ts').filter((name) => !['index', 'pages'].includes(name));
    expect(
      files.filter((name) => !name.endsWith('.test') && !['index', 'ids'].includes(name)).sort(),
    ).toEqual(ids);
    expect([...tests].sort()).toEqual(ids);
    expect(
      named(pages, '.md')
        .filter((name) => name !== 'README')
        .sort(),
    ).toEqual(ids);
    expect(
      Object.values(checks)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
  });

  it('tests itself by its table of examples', () => {
    const without = checkIds.filter((id) => {
      const test = readFileSync(join(import.meta.dirname, `${id}.test.ts`), 'utf8');
      return !/^examples\(\w+, \{$/m.test(test) || !/good: \[/.test(test) || !/bad: \[/.test(test);
    });
    expect(without).toEqual([]);
  });

  it.each(checkIds)('%s is explained, with its code', (id) => {
    const bodies = bodiesOf(id);
    expect(sections.filter((title) => !bodies[title])).toEqual([]);
    const { code, page } = checks[id];
    expect(readFileSync(join(repository, page), 'utf8')).toContain(`# ${id}\n\nCode ${code}.`);
    expect(errorCodes).toHaveProperty(code);
    expect(readFileSync(join(pages, 'README.md'), 'utf8')).toContain(`| [${id}](${id}.md) | ${code} |`);
  });

  const explained = checkIds.filter((id) => promqlIn(bodiesOf(id)['Instead of']).length > 0);
  it('shows queries where it is about queries', () => {
    expect(explained.length).toBeGreaterThan(15);
  });
  it.each(explained)('%s refuses and accepts what its page shows', (id) => {
    const { 'Instead of': bad, Write: good } = bodiesOf(id);
    expect(promqlIn(bad).filter((query) => complaintsAbout(checks[id], query).length === 0)).toEqual([]);
    expect(promqlIn(good).flatMap((query) => complaintsAbout(checks[id], query))).toEqual([]);
  });
});
