import type { LabelMatcher, Route, Routing } from './routing.ts';

export type AlertLabels = Readonly<Record<string, string>>;

/** The routes that an alert takes, by Alertmanager's rules; none when it stays with the root. */
export function routesTaken({ root }: Routing, labels: AlertLabels): readonly Route[] {
  const taken: Route[] = [];
  for (const route of root.routes) {
    if (!matchesAll(route.matchers, labels)) continue;
    taken.push(route);
    if (!route.continues) break;
  }
  return taken;
}

/** A matcher of Alertmanager covers the whole value; a missing label is an empty one. */
export const matchesAll = (matchers: readonly LabelMatcher[], labels: AlertLabels): boolean =>
  matchers.every(({ label, operator, value }) => {
    const given = labels[label] ?? '';
    return operator === '=' ? given === value : new RegExp(`^(?:${value})$`).test(given);
  });
