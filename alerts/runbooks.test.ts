import { describe, expect, it } from 'vitest';
import { checkLogqlText } from '../telemetry/query/check-logql.ts';
import { checkPromql } from '../telemetry/query/check-promql.ts';
import { readRunbooks } from './runbooks.ts';

const runbooks = [...(await readRunbooks())];

const blocks = (markdown: string, language: string): readonly string[] =>
  [...markdown.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );

describe('the queries in the runbooks', () => {
  it.each(runbooks)('of %s can be pasted as they are', (_, markdown) => {
    for (const text of blocks(markdown, 'promql'))
      expect(checkPromql({ language: 'promql', parts: [{ kind: 'text', text }] }), text).toEqual([]);
    for (const text of blocks(markdown, 'logql')) expect(checkLogqlText(text), text).toEqual([]);
  });
  it('are there at all', () => {
    const all = runbooks.flatMap(([, markdown]) => [
      ...blocks(markdown, 'promql'),
      ...blocks(markdown, 'logql'),
    ]);
    expect(all.length).toBeGreaterThan(30);
  });
  it('lead from one page only to others that exist', () => {
    const ids = new Set(runbooks.map(([id]) => id));
    const targets = runbooks.flatMap(([, markdown]) =>
      [...markdown.matchAll(/\]\(([^)]+)\.md\)/g)].map(([, target]) => target),
    );
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((target) => !ids.has(target ?? ''))).toEqual([]);
  });
});
