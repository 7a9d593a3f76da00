import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseExplore } from '../../dashboards/preview/page/explore-link.ts';
import { queriesCommand } from './queries.ts';

afterEach(() => vi.restoreAllMocks());

/** What the command prints, and what it says beside it. */
async function run(...args: string[]): Promise<{ readonly out: string; readonly said: string }> {
  const out = vi.spyOn(console, 'log').mockReturnValue();
  const said = vi.spyOn(console, 'error').mockReturnValue();
  await queriesCommand().parseAsync(args, { from: 'user' });
  return { out: out.mock.calls.join('\n'), said: said.mock.calls.join('\n') };
}

describe('npm run queries', () => {
  it('lists all, as a table and as JSON', async () => {
    const list = JSON.parse((await run('list', '--json')).out) as {
      readonly id: string;
      readonly expression: string;
    }[];
    expect(list.map(({ id }) => id)).toContain('authentication-failures');
    expect(list.every(({ expression }) => expression.length > 10)).toBe(true);
    vi.restoreAllMocks();
    const { out } = await run('list');
    for (const { id } of list) expect(out).toContain(id);
  });

  it('prints an address of the stack on this machine, with the values given', async () => {
    const { out, said } = await run('url', 'user-activity', '--set', 'user_id=a=b', '--port-offset', '100');
    const url = new URL(out);
    expect(url.origin).toBe('http://127.0.0.1:3101');
    expect(parseExplore(url.searchParams)[0]?.exprs[0]).toMatch(/\| user_id = "a=b"$/);
    expect(said).toBe('');
  });

  it('prints an address of a Grafana, with two panes, and says what is only an example', async () => {
    const { out, said } = await run(
      'url',
      'deploy-comparison',
      '--split',
      '--base',
      'https://grafana.example.com/',
    );
    const url = new URL(out);
    expect(url.origin + url.pathname).toBe('https://grafana.example.com/explore');
    expect(parseExplore(url.searchParams).map(({ source }) => source)).toEqual(['prometheus', 'loki']);
    expect(said).toContain('An example stands for service');
  });

  it.each([
    [['url', 'tracee'], 'did you mean trace?'],
    [['url', 'trace', '--set', 'trace_id'], 'is no parameter with a value'],
    [['url', 'trace', '--set', 'user_id=alice'], 'it has no parameter "user_id"'],
  ])('refuses %j', async (args, said) => {
    await expect(run(...args)).rejects.toThrow(said);
  });
});
