import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** A panel that shows data, with where it stands for messages. */
export interface Placed {
  readonly panel: Panel;
  readonly where: string;
}

/** How messages name a panel. */
export const whereIs = (uid: string, { title, id }: Panel): string => `${uid}: ${title || `panel ${id}`}`;

/** A value's properties; none when it is not an object. */
export const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** A property as text; empty when it is missing. */
export function text(value: unknown, name: string): string {
  const property = record(value)[name];
  return typeof property === 'string' ? property : '';
}
