import type { ClusterEnvironment } from '../config/names.ts';

/** How many of each run: a matter of what may be lost when a node goes, not of load. */
export interface Replicas {
  readonly prometheus: number;
  readonly alertmanager: number;
  readonly grafana: number;
}

/**
 * dev: one of each, whose loss is seen and mended. staging: two Alertmanagers, so that their gossip is tried before it
 * matters. prod: two Prometheus that scrape the same (Prometheus has no other high availability), three Alertmanagers
 * (Alertmanager, docs/high_availability.md: one that is left still notifies), two Grafanas with one database.
 */
export const replicasIn: Readonly<Record<ClusterEnvironment, Replicas>> = {
  dev: { prometheus: 1, alertmanager: 1, grafana: 1 },
  staging: { prometheus: 1, alertmanager: 2, grafana: 1 },
  prod: { prometheus: 2, alertmanager: 3, grafana: 2 },
};
