import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { previewCommand } from './preview.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'preview-command-'));
});
const zone = process.env.TZ;
afterEach(() => {
  // The command draws in UTC, and other files of this worker tell local times.
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What the command prints, and what it says beside it. */
async function run(...args: string[]): Promise<{ readonly out: string; readonly said: string }> {
  const out = vi.spyOn(console, 'log').mockReturnValue();
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await previewCommand().parseAsync([...args, '--state-dir', path.join(directory, 'no-stack')], {
    from: 'user',
  });
  return { out: out.mock.calls.join('\n'), said: said.mock.calls.join('') };
}

describe('npm run preview', () => {
  it('without a folder says how to get the preview, and fails while it does not run', async () => {
    const { out } = await run('--port-offset', '100');
    expect(out).toContain('The preview does not run. npm start -- --port-offset 100 --state-dir');
    expect(out).toContain('http://127.0.0.1:3101');
    expect(process.exitCode).toBe(1);
    vi.restoreAllMocks();
    expect(JSON.parse((await run('--json')).out)).toEqual({ running: false, url: 'http://127.0.0.1:3001' });
  });

  it('draws from the recorded set where no stack runs, the same bytes each time', async () => {
    const [first, second] = [path.join(directory, 'first'), path.join(directory, 'deeper/second')];
    const { out, said } = await run('--out', first, '--dashboard', 'kafka', '--dashboard', 'websocket');
    expect(said).toContain('Drawing 2 dashboards from recorded data, up to 2026-01-15T11:55:00.000Z');
    expect(said).toMatch(/kafka +\d+\.\d s/);
    expect(out).toMatch(/^4 pictures of 2 dashboards in .*first, in \d+\.\d s$/);
    vi.restoreAllMocks();
    // In another order, and alone.
    const again = await run('--out', second, '--dashboard', 'websocket', '--json', '--data', 'recorded');
    const report = JSON.parse(again.out) as { readonly files: readonly { readonly path: string }[] };
    expect(report).toMatchObject({ data: 'recorded', at: '2026-01-15T11:55:00.000Z', failures: [] });
    expect(report.files.map((file) => file.path)).toEqual(
      ['websocket.svg', 'websocket.png'].map((name) => path.join(second, name)),
    );
    expect(readdirSync(first).sort()).toEqual(['kafka.png', 'kafka.svg', 'websocket.png', 'websocket.svg']);
    for (const name of readdirSync(second))
      expect(readFileSync(path.join(second, name)), name).toEqual(readFileSync(path.join(first, name)));
  }, 120_000);

  it('draws in the size, theme and format asked for, up to a moment', async () => {
    const out = path.join(directory, 'wide');
    const more = ['--width', '2560', '--theme', 'light', '--format', 'svg', '--at', '2026-03-01T12:00Z'];
    await run('--out', out, '--dashboard', 'home', ...more);
    expect(readdirSync(out)).toEqual(['home.svg']);
    const svg = readFileSync(path.join(out, 'home.svg'), 'utf8');
    expect(svg).toContain('width="2560"');
    expect(svg).toContain('2026-03-01 11:00 to 12:00 UTC');
  }, 120_000);

  it.each([
    [['--dashboard', 'service-overveiw'], /SL1613.*did you mean service-overview.*There are: .*slos/s],
    [['--dashboard', 'x'], /SL1613 there is no dashboard "x"/],
    [['--width', '10'], /SL1007 --width cannot be "10".*800 to 5120/s],
    [['--width', 'wide'], /SL1007/],
    [['--height', '-1'], /SL1007 --height cannot be "-1".*100 to 20000/s],
    [['--theme', 'blue'], /SL1007 --theme cannot be "blue".*dark or light/s],
    [['--format', 'gif'], /SL1007 --format cannot be "gif".*svg or png/s],
    [['--data', 'demo'], /SL1007 --data cannot be "demo".*live or recorded/s],
    [['--at', 'yesterday'], /SL1007 --at cannot be "yesterday"/],
    [['--data', 'live'], /SL1310 no stack is running.*npm start -- --detach.*--data recorded/s],
    [['--port-offset', 'x'], /SL1007 "x" is no port offset/],
  ])('refuses %j', async (args, said) => {
    await expect(run('--out', path.join(directory, 'none'), ...args)).rejects.toThrow(said);
  });

  it('says where it cannot write', async () => {
    const file = path.join(directory, 'a-file');
    writeFileSync(file, '');
    const drawing = run('--out', path.join(file, 'below'), '--dashboard', 'kafka', '--format', 'svg');
    await expect(drawing).rejects.toThrow(/SL1620 the picture cannot be written.*kafka\.svg.*--out/s);
  });
});
