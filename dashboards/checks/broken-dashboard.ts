import type { PlacedException } from '../spec.ts';
import type { DashboardCheckId } from './ids.ts';

/** A panel as a test may break it. */
export interface Editable {
  id?: number;
  type: string;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { type: string; uid: string };
  targets: { refId?: string; expr: string; legendFormat: string }[];
  fieldConfig: {
    defaults: {
      unit?: string;
      thresholds?: { steps: { value: number; color: string }[] };
      links: { title: string; url: string }[];
    };
  };
  links: { title: string; url: string }[];
  transformations: { id: string; options: { renameByName: Record<string, string> } }[];
}
export interface EditableModel {
  uid: string;
  editable: boolean;
  tags: string[];
  panels: Editable[];
  links: { title: string; url: string }[];
  templating: { list: { name: string; type?: string; definition?: string; refresh?: number }[] };
}

export type Spoil = (
  model: EditableModel,
  panel: (title: string) => Editable,
  exceptions: PlacedException[],
) => unknown;

/** What finds it, what is broken, how, where the message says that is, and what it says. */
export type Broken = readonly [
  check: DashboardCheckId,
  name: string,
  spoil: Spoil,
  where: string,
  says: RegExp,
];

/** The dashboard that is broken, and panels of it. */
export const overview = 'service-overview';
export const rate = 'Request rate';
export const errors = 'Error ratio by service';
export const latency = 'p95 latency by service';
export const ofRate = `${overview}: ${rate}`;
