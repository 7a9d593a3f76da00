import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomically } from '../../telemetry/atomic-file.ts';
import type { DashboardSource, SourceState } from './dashboard-source.ts';
import { settingsFrom } from './environment.ts';
import { eventsOf } from './events.ts';
import { generate, isSource } from './generate.ts';
import { sourceOf } from './repository.ts';

const dashboard = (title: string): string => JSON.stringify({ uid: 'a', title, panels: [] });

describe('dashboards of a directory', () => {
  let directory = '';
  let source: DashboardSource;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'preview-'));
    await writeFile(join(directory, 'a.json'), dashboard('First'));
    source = sourceOf({ ...settingsFrom({}), dashboardsDir: directory });
  });
  afterEach(async () => {
    source.close();
    await rm(directory, { recursive: true, force: true });
  });

  const next = (): Promise<SourceState> =>
    new Promise((resolve) => {
      const end = source.subscribe((state) => {
        end();
        resolve(state);
      });
    });
  const titles = async (): Promise<unknown[]> =>
    [...(await source.load()).values()].map(({ title }) => title);

  it('follow what is saved', async () => {
    expect(await titles()).toEqual(['First']);
    const changed = next();
    writeFileAtomically(join(directory, 'a.json'), dashboard('Second'));
    expect(await changed).toEqual({ start: source.state().start, revision: 2 });
    expect(await titles()).toEqual(['Second']);
  });
  it('stay as they were while a file is broken, which is told by its name', async () => {
    await source.load();
    const broken = next();
    writeFileAtomically(join(directory, 'b.json'), '{"uid":');
    expect(await broken).toEqual({
      ...{ start: source.state().start, revision: 1 },
      problem: expect.stringMatching(/SL1612.*b\.json/s),
    });
    expect(await titles()).toEqual(['First']);
    const mended = next();
    await rm(join(directory, 'b.json'));
    expect(await mended).toEqual({ start: source.state().start, revision: 1 });
  });
  it('are refused when there never was a good state', async () => {
    const none = sourceOf({ ...settingsFrom({}), dashboardsDir: join(directory, 'no') });
    await expect(none.load()).rejects.toThrow('SL1612');
    none.close();
  });
  it('tell whoever listens how they are, at once and after', async () => {
    await source.load();
    const { start } = source.state();
    const told = (revision: number): string => `data: ${JSON.stringify({ start, revision })}\n\n`;
    const events = eventsOf(source);
    const server = createServer(express().get('/', events.handle));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || !address) throw new Error('no address');
    const response = await fetch(`http://127.0.0.1:${address.port}/`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(told(1));
    writeFileAtomically(join(directory, 'a.json'), dashboard('Second'));
    expect((await reader?.read())?.value).toBe(told(2));
    events.close();
    expect((await reader?.read())?.done).toBe(true);
    server.close();
  });
});

describe('dashboards of their sources', () => {
  it('are generated in a process of their own, with the options given', async () => {
    const dashboards = await generate({ runbooks: 'http://runbooks.test/{id}' });
    expect(JSON.stringify([...dashboards.values()])).toContain('http://runbooks.test/high-latency');
  });
  it('follow the files that make them, and no others', () => {
    const files = [
      'slos.ts',
      'panels/kit.ts',
      'slos.test.ts',
      'preview/app.ts',
      'slos.ts~',
      'contract/slo.yaml',
    ];
    expect(files.filter(isSource)).toEqual(['slos.ts', 'panels/kit.ts']);
  });
});
