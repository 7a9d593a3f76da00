import { ruleOptions } from '../render/environment.ts';
import { recordingGroups } from '../render/recordings.ts';
import { ruleGroups } from '../render/rules.ts';
import { type ClusterContext, metadata, type Part } from './context.ts';
import { type ObjectOf, object } from './object.ts';

/** The rules of `config/rules/sightline.yml`, an object a group, so that none comes near the API server's limit. */
export function prometheusRules(
  { stack }: ClusterContext,
  self: Part,
): readonly ObjectOf<'PrometheusRule'>[] {
  const options = ruleOptions(stack);
  const groups = [...recordingGroups(stack.recordings, options), ...ruleGroups(stack.rules, options)];
  return groups.map((group) =>
    object('PrometheusRule', metadata(self, group.name.replaceAll('.', '-')), { spec: { groups: [group] } }),
  );
}
