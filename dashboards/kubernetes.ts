import { logql, stream } from '../telemetry/query/query.ts';
import { matches } from '../telemetry/query/series.ts';
import { exploreLogs, firingAlerts, linksTo } from './navigation.ts';
import { inCluster, inNamespace, type PanelContext } from './panels/common.ts';
import { containerPanels, podPanels } from './panels/kubernetes-pods.ts';
import { nodePanels, volumePanels, workloadGlance, workloadPanels } from './panels/kubernetes-workloads.ts';
import { lineList } from './panels/logs.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variablesOf } from './variables.ts';

/** Does everything run that should, with what it needs? */
export function kubernetes(context: PanelContext): DashboardSpec {
  return {
    uid: 'kubernetes',
    description:
      'Workloads on Kubernetes: replicas, pods, restarts, throttling, volumes, jobs, nodes. Empty where no Kubernetes is. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'platform'],
    variables: variablesOf('kube_pod_status_phase', ['environment', 'cluster', 'namespace'], { logs: true }),
    annotations: [firingAlerts({ alertname: matches('Kubernetes.*'), ...inCluster })],
    links: [...linksTo('home', 'service-overview', 'hosts', 'stack'), exploreLogs],
    sections: [
      { title: 'At a glance', panels: workloadGlance(context) },
      { title: 'Workloads', panels: workloadPanels(context) },
      { title: 'Pods', panels: podPanels(context) },
      { title: 'Containers', panels: containerPanels(context) },
      { title: 'Volumes', panels: volumePanels(context) },
      { title: 'Nodes', panels: nodePanels(context) },
      { title: 'Logs', panels: logs(context) },
    ],
  };
}

function logs(context: PanelContext): readonly PanelSpec[] {
  const about = {
    title: 'Errors',
    description: 'Lines at ERROR and CRITICAL of the selected namespaces, the newest first.',
    width: 24,
    height: 9,
  };
  return [lineList(about, logql`${stream({ ...inNamespace, level: matches('ERROR|CRITICAL') })}`, context)];
}
