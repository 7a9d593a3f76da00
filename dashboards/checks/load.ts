import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Finding } from './asked.ts';
import { rowsOnScreen } from './screen.ts';

/**
 * As many queries as Prometheus works on at once unless told otherwise (its flag `--query.max-concurrency`, 20). Grafana
 * asks for the panels that are on the screen: beyond this, one viewer waits for themselves.
 */
const mostOnScreen = 20;

/** Screens of a dashboard that ask too much at once. Panels of collapsed rows ask nothing until they are opened. */
export function loadFindings({ uid, panels = [] }: Dashboard): readonly Finding[] {
  const open = panels.filter((panel): panel is Panel => panel.type !== 'row');
  const collapsed = panels.filter((panel): panel is RowPanel => panel.type === 'row');
  return [open, ...collapsed.map((row) => row.panels)].flatMap((group) => fullestScreen(group, String(uid)));
}

function fullestScreen(group: readonly Panel[], uid: string): readonly Finding[] {
  const screens = group.map(({ gridPos }) => {
    const top = gridPos?.y ?? 0;
    const seen = group.filter(({ gridPos: at }) => at && at.y < top + rowsOnScreen && at.y + at.h > top);
    return { seen, asked: seen.reduce((sum, { targets = [] }) => sum + targets.length, 0) };
  });
  const [worst] = screens.toSorted((one, other) => other.asked - one.asked);
  if (!worst || worst.asked <= mostOnScreen) return [];
  const first = worst.seen[0]?.title ?? '?';
  const last = worst.seen.at(-1)?.title ?? '?';
  return [
    {
      what: `${worst.asked} queries on one screen, from “${first}” to “${last}”: Prometheus works on ${mostOnScreen} at once`,
      where: uid,
      fix: 'collapse a row, make panels larger, or ask for several things in one query',
    },
  ];
}
