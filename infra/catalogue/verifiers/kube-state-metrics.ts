import { freePorts } from '../../local/pick-ports.ts';
import { ready, scrape, settled } from '../look.ts';
import { at } from './from-plan.ts';
import { kubernetesTools, startKubernetes } from './kubernetes-cluster.ts';
import { createWorkloads } from './kubernetes-workloads.ts';
import type { Verifier } from './verifier.ts';

/** An API server with its etcd and controllers, objects in it, and kube-state-metrics beside it. No node runs anything. */
export const kubeStateMetrics: Verifier = {
  tools: ['kube-state-metrics', ...kubernetesTools],
  observe: async (bench, metrics) => {
    const [exposed = 0, own = 0] = await freePorts(2);
    const { api, kubeconfig } = await startKubernetes(bench);
    await createWorkloads(bench, api);
    bench.start('kube-state-metrics', [
      `--kubeconfig=${kubeconfig}`,
      '--host=127.0.0.1',
      `--port=${exposed}`,
      '--telemetry-host=127.0.0.1',
      `--telemetry-port=${own}`,
    ]);
    await ready(bench, at(exposed, '/healthz'));
    return settled(bench, metrics, () => scrape(at(exposed, '/metrics')));
  },
};
