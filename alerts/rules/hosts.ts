import { notOnDisk } from '../../telemetry/catalogue/node.ts';
import { promql, series, threshold } from '../../telemetry/query/query.ts';
import { notMatches } from '../../telemetry/query/series.ts';
import { alertRules } from '../rule.ts';
import { hosts } from './dashboards.ts';

const perHost = ['cluster', 'environment', 'instance'] as const;
const perFileSystem = [...perHost, 'mountpoint'] as const;
const host = '{{ $labels.instance }} ({{ $labels.environment }})';

/** One side of a division or an `and` is enough: the other is matched with it. */
const onDisk = { fstype: notMatches(notOnDisk) } as const;

const spaceLeft = promql`
  min by (cluster, environment, instance, mountpoint) (${series('node_filesystem_avail_bytes', onDisk)}
  / ${series('node_filesystem_size_bytes')})`;

const diskFilling = {
  name: 'HostDiskFilling',
  by: perFileSystem,
  summary: '{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} left',
  runbook: 'host-disk-filling',
  dashboard: hosts,
} as const;

/** `instance` is the host; `service` would be the node exporter. */
export const hostRules = alertRules([
  {
    name: 'HostCpuHigh',
    severity: 'warning',
    expr: promql`
      1 - avg by (cluster, environment, instance) (rate(${series('node_cpu_seconds_total', { mode: 'idle' })}[5m]))
      > ${threshold('host_cpu_warning')}`,
    for: {
      duration: '15m',
      because: 'builds and batches may use a host up for a while; that is what it is for',
    },
    by: perHost,
    summary: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its CPU',
    description: `The processors of ${host} have been busy for a quarter of an hour: everything on it gets slower.`,
    runbook: 'host-cpu-high',
    dashboard: hosts,
  },
  {
    name: 'HostMemoryHigh',
    severity: 'warning',
    expr: promql`
      1 - min by (cluster, environment, instance) (${series('node_memory_MemAvailable_bytes')} / ${series('node_memory_MemTotal_bytes')})
      > ${threshold('host_memory_warning')}`,
    for: { duration: '5m', because: 'a process that ends soon gives its memory back' },
    by: perHost,
    summary: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory',
    description: `Memory of ${host} is running out: soon the kernel kills a process of its choice.`,
    runbook: 'host-memory-high',
    dashboard: hosts,
  },
  {
    name: 'HostOomKills',
    severity: 'warning',
    expr: promql`sum by (cluster, environment, instance) (increase(${series('node_vmstat_oom_kill')}[10m])) > 0`,
    // No `for`: a process that was killed is gone.
    by: perHost,
    summary: 'The kernel of {{ $labels.instance }} killed processes for their memory',
    description: `About {{ printf "%.0f" $value }} processes on ${host} were killed in ten minutes because memory had run out, the host’s or a container’s.`,
    runbook: 'host-oom-kills',
    dashboard: hosts,
  },
  {
    name: 'HostTooManyProcesses',
    severity: 'warning',
    expr: promql`
      max by (cluster, environment, instance) (${series('node_processes_pids')})
      > ${threshold('host_processes_warning')}`,
    for: { duration: '5m', because: 'a build starts hundreds of them for a moment' },
    by: perHost,
    summary: '{{ $value }} processes run on {{ $labels.instance }}',
    description: `${host} runs {{ $value }} processes: something starts them faster than they end.`,
    runbook: 'host-too-many-processes',
    dashboard: hosts,
  },
  {
    ...diskFilling,
    severity: 'critical',
    earned: {
      as: 'imminent exhaustion',
      because: 'little space is left, and at its present growth none within four hours',
    },
    expr: promql`
      ${spaceLeft} < ${threshold('disk_space_critical')}
      and min by (cluster, environment, instance, mountpoint) (predict_linear(${series('node_filesystem_avail_bytes')}[1h], 4 * 3600)) <= 0`,
    for: { duration: '5m', because: 'a temporary file may be gone by then; hours are left, but not many' },
    description: `${'{{ $labels.mountpoint }}'} of ${host} will be full within four hours as it goes on: what writes there stops, databases and logs first.`,
  },
  {
    ...diskFilling,
    severity: 'warning',
    expr: promql`${spaceLeft} < ${threshold('disk_space_warning')}`,
    for: { duration: '10m', because: 'a compaction needs room for both copies for a while' },
    description: `${'{{ $labels.mountpoint }}'} of ${host} has {{ $value | humanizePercentage }} of its space left.`,
  },
  {
    name: 'HostInodesLow',
    severity: 'warning',
    expr: promql`
      min by (cluster, environment, instance, mountpoint) (${series('node_filesystem_files_free', onDisk)} / ${series('node_filesystem_files')})
      < ${threshold('inodes_warning')}`,
    for: { duration: '10m', because: 'a build’s small files may be gone by then' },
    by: perFileSystem,
    summary:
      '{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} of its inodes left',
    description: `No more files can be made below {{ $labels.mountpoint }} of ${host} once its inodes are used up, however much space is left.`,
    runbook: 'host-inodes-low',
    dashboard: hosts,
  },
]);
