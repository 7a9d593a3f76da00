import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type {
  AnnotationQuery,
  Dashboard,
  DashboardLink,
  Panel,
  VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardUid } from '../telemetry/contract/links.ts';
import type { DashboardException } from './checks/ids.ts';

/** A panel and the space it asks for: columns of 24, and rows of Grafana's grid (about 36 px each). */
export interface PanelSpec {
  readonly width: number;
  readonly height: number;
  readonly panel: Builder<Panel>;
  /** Beside those that the panel has itself. */
  readonly links?: readonly Builder<DashboardLink>[];
  /** Checks that do not apply, each with its reason. */
  readonly allow?: readonly DashboardException[];
}

/** A collapsible row of the dashboard. Panels flow from left to right and wrap. */
export interface Section {
  readonly title: string;
  readonly collapsed?: boolean;
  readonly panels: readonly PanelSpec[];
}

/** What a dashboard's file declares; `finalize` turns it into what Grafana reads. */
export interface DashboardSpec {
  readonly uid: DashboardUid;
  readonly description: string;
  readonly tags: readonly string[];
  readonly variables: readonly Builder<VariableModel>[];
  readonly annotations: readonly Builder<AnnotationQuery>[];
  readonly links: readonly Builder<DashboardLink>[];
  readonly sections: readonly Section[];
  /** Checks that do not apply to the dashboard as a whole, each with its reason. */
  readonly allow?: readonly DashboardException[];
}

/** An exception, and the dashboard or panel that it is about. */
export interface PlacedException extends DashboardException {
  readonly where: string;
}

export interface GeneratedDashboard {
  readonly uid: DashboardUid;
  readonly title: string;
  /** Dashboard JSON (schema v1) with sorted keys: the same bytes on every run. */
  readonly json: string;
  readonly model: Dashboard;
  readonly exceptions: readonly PlacedException[];
}
