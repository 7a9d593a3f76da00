import { type ClusterContext, labelsOf, type System } from '../context.ts';
import { object } from '../object.ts';
import { operatorDefinitions } from '../operator-bundle.ts';
import { installedOperator, operatorName } from './operator.ts';

/** The definitions of the operator's kinds, before there is any object of them; nothing where the cluster has an operator. */
export async function customResources(
  context: ClusterContext,
  env: NodeJS.ProcessEnv,
): Promise<readonly System[]> {
  if (installedOperator(context).length === 0) return [];
  const labels = labelsOf(context, operatorName);
  const objects = (await operatorDefinitions({ env })).map(({ metadata, spec }) =>
    object('CustomResourceDefinition', { ...metadata, labels }, { spec }),
  );
  return [{ name: 'definitions', objects, isGround: true }];
}
