import { ruleOptions } from '../../render/environment.ts';
import type { RulerOptions } from '../../render/loki-ruler.ts';
import { renderLogRules } from '../../render/rules.ts';
import { type ClusterContext, metadata, type Part } from '../context.ts';
import { isOurs } from '../existing.ts';
import { type ObjectOf, object } from '../object.ts';
import { everyAlertmanager } from './alertmanager.ts';
import { replicaAddresses } from './prometheus.ts';

/** The user of Grafana's images of Loki. */
export const lokiUser = 10_001;
export const dataDir = '/loki';
export const configDir = '/etc/loki';
export const rulesDir = `${configDir}/rules`;

/** What the ruler evaluates, where it tells what fires, and where that is kept. */
export const rulerOptions = (context: ClusterContext): RulerOptions => ({
  rulesDir,
  alertmanager: everyAlertmanager(context),
  prometheuses: isOurs(context, 'prometheus') ? replicaAddresses(context) : [],
});

export const lokiRules = ({ stack }: ClusterContext, self: Part): ObjectOf<'ConfigMap'> =>
  object('ConfigMap', metadata(self, 'loki-rules'), {
    data: { 'sightline.yml': renderLogRules(stack.logRules, ruleOptions(stack)) },
  });
