import { notOnDisk } from '../telemetry/catalogue/node.ts';
import { promql, series } from '../telemetry/query/query.ts';
import { matches, notMatches } from '../telemetry/query/series.ts';
import { firingAlerts, linksTo } from './navigation.ts';
import { inCluster, onHost, type PanelContext } from './panels/common.ts';
import { panelKit } from './panels/kit.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variablesOf } from './variables.ts';

const onDisk = {
  ...onHost,
  fstype: notMatches(notOnDisk),
} as const;
const cpu = promql`1 - avg by (instance) (rate(${series('node_cpu_seconds_total', { ...onHost, mode: 'idle' })}[$__rate_interval]))`;
const memory = promql`1 - min by (instance) (${series('node_memory_MemAvailable_bytes', onHost)} / ${series('node_memory_MemTotal_bytes', onHost)})`;
const processes = promql`max by (instance) (${series('node_processes_pids', onHost)})`;
const space = promql`min by (instance, mountpoint) (${series('node_filesystem_avail_bytes', onDisk)} / ${series('node_filesystem_size_bytes', onDisk)})`;
const inodes = promql`min by (instance, mountpoint) (${series('node_filesystem_files_free', onDisk)} / (${series('node_filesystem_files', onDisk)} > 0))`;

/** Have the machines room left? */
export function hosts(context: PanelContext): DashboardSpec {
  return {
    uid: 'hosts',
    description:
      'Use and saturation of the hosts: processors, memory, processes, disks. Dashed lines are the limits that alert. Generated: change it in dashboards/.',
    tags: ['sightline', 'platform'],
    variables: variablesOf('node_memory_MemTotal_bytes', ['environment', 'cluster', 'instance']),
    annotations: [firingAlerts({ alertname: matches('Host.*'), ...inCluster })],
    links: linksTo('home', 'kubernetes', 'service-overview', 'alerts'),
    sections: [
      { title: 'At a glance', panels: glance(context) },
      { title: 'Processors and memory', panels: computing(context) },
      { title: 'Disks', panels: disks(context) },
    ],
  };
}

function glance(context: PanelContext): readonly PanelSpec[] {
  const { number } = panelKit(context);
  return [
    number({
      title: 'Hosts',
      description: 'Hosts whose exporter answers. Fewer than there are: see the targets of the stack.',
      unit: 'short',
      runbook: 'target-down',
      color: 'blue',
      asks: [[promql`count(${series('node_memory_MemTotal_bytes', onHost)})`, 'hosts']],
    }),
    number({
      title: 'Busiest CPU',
      description: 'Share of the CPU in use on the busiest host.',
      unit: 'percentunit',
      decimals: 0,
      limits: { warning: 'host_cpu_warning' },
      asks: [[promql`max(${cpu})`, 'CPU']],
    }),
    number({
      title: 'Fullest memory',
      description: 'Share of the memory in use on the host with the least left.',
      unit: 'percentunit',
      decimals: 0,
      limits: { warning: 'host_memory_warning' },
      asks: [[promql`max(${memory})`, 'memory']],
    }),
    number({
      title: 'Most processes',
      description:
        'On the host with the most of them. Above the limit something starts them faster than they end.',
      unit: 'short',
      limits: { warning: 'host_processes_warning' },
      asks: [[promql`max(${processes})`, 'processes']],
    }),
    number({
      title: 'Least disk left',
      description: 'Share that is left of the fullest file system.',
      unit: 'percentunit',
      decimals: 0,
      limits: { warning: 'disk_space_warning', critical: 'disk_space_critical', below: true },
      asks: [[promql`min(${space})`, 'left']],
    }),
    number({
      title: 'Least inodes left',
      description:
        'Share that is left where files are most numerous. Without inodes no file can be made, however much space is left.',
      unit: 'percentunit',
      decimals: 0,
      limits: { warning: 'inodes_warning', below: true },
      asks: [[promql`min(${inodes})`, 'left']],
    }),
  ];
}

function computing(context: PanelContext): readonly PanelSpec[] {
  const { line } = panelKit(context);
  const half = { width: 12 } as const;
  return [
    line({
      ...half,
      title: 'CPU in use',
      description:
        'Above the dashed line everything on the host gets slower. Which process? On Kubernetes see the workloads; elsewhere top on the host.',
      unit: 'percentunit',
      runbook: 'host-cpu-high',
      limits: { warning: 'host_cpu_warning' },
      most: 1,
      asks: [[cpu, '{{instance}}']],
    }),
    line({
      ...half,
      title: 'Memory in use',
      description:
        'What is not available without swapping. Above the dashed line the kernel soon kills a process of its choice.',
      unit: 'percentunit',
      runbook: 'host-memory-high',
      limits: { warning: 'host_memory_warning' },
      most: 1,
      asks: [[memory, '{{instance}}']],
    }),
    line({
      ...half,
      title: 'Processes',
      description: 'Rising without end: processes that are started and never end, or that nobody waits for.',
      unit: 'short',
      runbook: 'host-too-many-processes',
      limits: { warning: 'host_processes_warning' },
      asks: [[processes, '{{instance}}']],
    }),
    line({
      ...half,
      title: 'Killed for memory',
      description:
        'Processes that the kernel killed, a minute. Each was somebody’s: which one is in the kernel’s log.',
      unit: 'short',
      runbook: 'host-oom-kills',
      asks: [
        [
          promql`60 * sum by (instance) (rate(${series('node_vmstat_oom_kill', onHost)}[$__rate_interval]))`,
          '{{instance}}',
        ],
      ],
    }),
  ];
}

function disks(context: PanelContext): readonly PanelSpec[] {
  const { line, table } = panelKit(context);
  const half = { width: 12 } as const;
  const where = '{{instance}} {{mountpoint}}';
  return [
    line({
      ...half,
      title: 'Disk space left',
      description:
        'Share of each file system. Below the upper dashed line make room; below the lower one and falling, what writes there stops within hours.',
      unit: 'percentunit',
      runbook: 'host-disk-filling',
      limits: { warning: 'disk_space_warning', critical: 'disk_space_critical', below: true },
      asks: [[space, where]],
    }),
    line({
      ...half,
      title: 'Inodes left',
      description:
        'Share of the files that a file system can still hold. Falling: something makes small files and never deletes them.',
      unit: 'percentunit',
      runbook: 'host-inodes-low',
      limits: { warning: 'inodes_warning', below: true },
      asks: [[inodes, where]],
    }),
    table({
      title: 'File systems',
      height: 6,
      description:
        'Size and space of each. What grows shows in its slope above; the last column says where it will be in four hours if it goes on.',
      rows: { instance: 'Host', mountpoint: 'Mounted at', fstype: 'Type' },
      columns: [
        {
          title: 'Size',
          unit: 'bytes',
          query: promql`max by (instance, mountpoint, fstype) (${series('node_filesystem_size_bytes', onDisk)})`,
        },
        {
          title: 'Left',
          unit: 'bytes',
          query: promql`min by (instance, mountpoint, fstype) (${series('node_filesystem_avail_bytes', onDisk)})`,
        },
        {
          title: 'Left in 4 h',
          unit: 'bytes',
          query: promql`min by (instance, mountpoint, fstype) (predict_linear(${series('node_filesystem_avail_bytes', onDisk)}[1h], 4 * 3600))`,
        },
      ],
      sortBy: 'Size',
    }),
  ];
}
