import { describe, expect, it } from 'vitest';
import { type Room, roomOf, sourceFiles } from './sources.ts';

/** telemetry <- services, alerts, dashboards, promtail <- infra <- cli */
const mayImport: Readonly<Record<Room, readonly Room[]>> = {
  telemetry: ['telemetry'],
  services: ['services', 'telemetry'],
  alerts: ['alerts', 'telemetry'],
  dashboards: ['dashboards', 'telemetry'],
  promtail: ['promtail', 'telemetry'],
  infra: ['infra', 'services', 'alerts', 'dashboards', 'promtail', 'telemetry'],
  cli: ['cli', 'infra', 'services', 'alerts', 'dashboards', 'promtail', 'telemetry'],
};

const files = sourceFiles();
const code = files.filter(({ path }) => !path.endsWith('.test.ts'));

describe('the dependency order', () => {
  it('sees the imports of the program', () => {
    expect(code.length).toBeGreaterThan(100);
    expect(code.find(({ path }) => path === 'infra/stack.ts')?.imports).toContain('infra/config.ts');
  });

  it('is kept by every file of the rooms', () => {
    const against = code.flatMap(({ path, room, imports }) =>
      imports.flatMap((target) => {
        const targetRoom = roomOf(target);
        return targetRoom !== undefined && mayImport[room].includes(targetRoom)
          ? []
          : [`${path} -> ${target}`];
      }),
    );
    expect(against).toEqual([]);
  });

  it('has no cycle between files', () => {
    const imports = new Map(code.map((file) => [file.path, file.imports]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      else if (!done.has(path)) {
        for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
        done.add(path);
      }
    };
    for (const path of imports.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });
});

describe('source files', () => {
  it('stay small enough to be read in one go', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 300).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  it('give no type up', () => {
    const given = /(: |<|\bas )any\b|@ts-(ignore|nocheck|expect-error)/;
    expect(files.filter(({ text }) => given.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
