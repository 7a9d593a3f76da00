import type { Workbench } from '../workbench.ts';
import type { KubernetesApi } from './kubernetes-api.ts';

const namespace = '/api/v1/namespaces/default';
const apps = '/apis/apps/v1/namespaces/default';
const labels = { app: 'probe' };

const container = { name: 'main', image: 'probe' };
const template = { metadata: { labels }, spec: { containers: [container] } };
const workload = { selector: { matchLabels: labels }, template };

const now = (): string => new Date().toISOString();

/** A container that was killed for its memory three times and waits to be started again. */
const crashLooping = () => ({
  ...container,
  imageID: '',
  ready: false,
  restartCount: 3,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: {
    terminated: { reason: 'OOMKilled', exitCode: 137, startedAt: now(), finishedAt: now() },
  },
});

/** One of each kind that rules look at. Controllers do their part; what a kubelet would say is said here. */
export async function createWorkloads(bench: Workbench, api: KubernetesApi): Promise<void> {
  await api.create('/api/v1/nodes', { metadata: { name: 'node-1' } });
  await api.setStatus('/api/v1/nodes/node-1', {
    conditions: ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({
      type,
      status: type === 'Ready' ? 'True' : 'False',
      lastHeartbeatTime: now(),
    })),
  });
  // The controllers make it; without it no pod is admitted.
  await bench.until('a service account', () => api.get(`${namespace}/serviceaccounts/default`));
  await api.create(`${apps}/deployments`, { metadata: { name: 'a-deployment' }, spec: workload });
  await api.create(`${apps}/statefulsets`, {
    metadata: { name: 'a-stateful-set' },
    spec: { ...workload, serviceName: 'probe' },
  });
  await api.create(`${apps}/daemonsets`, { metadata: { name: 'a-daemon-set' }, spec: workload });
  await api.create('/apis/batch/v1/namespaces/default/jobs', {
    metadata: { name: 'a-job' },
    // It fails by itself once its second is over.
    spec: {
      activeDeadlineSeconds: 1,
      template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
    },
  });
  await api.create(`${namespace}/pods`, {
    metadata: { name: 'a-pod' },
    spec: { nodeName: 'node-1', containers: [container] },
  });
  await api.setStatus(`${namespace}/pods/a-pod`, {
    phase: 'Running',
    startTime: now(),
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [crashLooping()],
  });
}
