import type { Integration } from '../../alerts/receivers.ts';
import type { Routing } from '../../alerts/routing.ts';
import { type Severity, severities } from '../../telemetry/contract/links.ts';
import type { Destinations } from './verdict.ts';

/** Where the alerts of each severity arrive, whoever else gets a copy. */
export function destinationsOf({ root, receivers }: Routing): Destinations {
  const of = (severity: Severity): readonly string[] => {
    const route = root.routes.find(
      ({ matchers: [first, ...more] }) =>
        first?.label === 'severity' && first.value === severity && more.length === 0,
    );
    const receiver = receivers.find(({ name }) => name === route?.receiver);
    return receiver?.integrations.map(placeOf) ?? [];
  };
  const [critical, warning, info, none] = severities;
  return { critical: of(critical), warning: of(warning), info: of(info), none: of(none) };
}

/** The severity that arrives at a place; undefined where only copies go. */
export const severityAt = (destinations: Destinations, to: string): Severity | undefined =>
  severities.find((severity) => destinations[severity].includes(to));

const placeOf = (integration: Integration): string =>
  integration.kind === 'slack' ? integration.channel : integration.kind;
