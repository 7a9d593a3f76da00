import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { errorCodes, type Problem } from '../../telemetry/errors.ts';
import { checkDashboard } from '../checks.ts';
import { buildDashboards } from '../index.ts';
import { type Editable, type EditableModel, errors, overview, type Spoil } from './broken-dashboard.ts';
import { brokenQueries } from './broken-queries.ts';
import { brokenShapes } from './broken-shapes.ts';
import { dashboardChecks } from './ids.ts';

const built = buildDashboards();
const named = (uid: string) => {
  const found = built.find((one) => one.uid === uid);
  if (!found) throw new Error(`there is no ${uid}`);
  return found;
};

/** What the checks say of a dashboard in which one thing is spoilt. */
function problemsAfter(spoil: Spoil, uid = overview): readonly Problem[] {
  const { model, exceptions } = named(uid);
  const copy: Dashboard & EditableModel = JSON.parse(JSON.stringify(model));
  const own = [...exceptions];
  const panelOf = (title: string): Editable => {
    const panel = copy.panels.find((one) => one.title === title && one.type !== 'row') as
      | Editable
      | undefined;
    if (!panel) throw new Error(`${uid} has no panel ${title}`);
    return panel;
  };
  spoil(copy, panelOf, own);
  return checkDashboard({ model: copy, exceptions: own });
}

describe('a broken dashboard', () => {
  it.each([...brokenShapes, ...brokenQueries])('%s refuses %s', (check, _, spoil, where, says) => {
    const found = problemsAfter(spoil).filter(({ code }) => code === dashboardChecks[check]);
    const problem = found.find(({ what }) => says.test(what));
    expect(problem, found.map(({ what }) => what).join('\n')).toBeDefined();
    expect(problem?.where.startsWith(where), problem?.where).toBe(true);
    expect(problem?.fix).not.toBe('');
    expect(problem?.page).toBe(`docs/checks/dashboards/README.md#${check}`);
  });

  it('is among these for every check', () => {
    expect(new Set([...brokenShapes, ...brokenQueries].map(([check]) => check))).toEqual(
      new Set(Object.keys(dashboardChecks)),
    );
  });

  it('passes where an exception says why', () => {
    const problems = problemsAfter((_, at, exceptions) => {
      Object.assign(at(errors).gridPos, { h: 4 });
      exceptions.push({ check: 'screen', because: 'seen on a wall only', where: `${overview}: ${errors}` });
    });
    expect(problems.filter(({ code }) => code === dashboardChecks.screen)).toEqual([]);
  });
});

describe('the page about checks of dashboards', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/checks/dashboards/README.md'), 'utf8');
  it.each(Object.entries(dashboardChecks))('explains %s, with its code', (id, code) => {
    expect(page).toContain(`\n## ${id}\n\nCode ${code}. `);
    expect(errorCodes).toHaveProperty(code);
  });
});
