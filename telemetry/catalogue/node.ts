import type { CatalogueMetric } from './types.ts';

/**
 * Values of `fstype` that are no disk of the host: what lies in memory, is read-only by nature, or is another's view of
 * the same disk.
 */
export const notOnDisk = 'tmpfs|ramfs|overlay|squashfs|iso9660|erofs|fuse.*|nsfs';

export const nodeMetrics = {
  node_cpu_seconds_total: { type: 'counter', help: 'CPU time by mode', labels: ['cpu', 'mode'] },
  node_memory_MemAvailable_bytes: { type: 'gauge', help: 'Memory available without swapping', labels: [] },
  node_memory_MemTotal_bytes: { type: 'gauge', help: 'Memory of the host', labels: [] },
  node_processes_pids: {
    type: 'gauge',
    help: 'Processes; only with --collector.processes',
    labels: [],
  },
  node_filesystem_avail_bytes: {
    type: 'gauge',
    help: 'Space that ordinary users may still fill',
    labels: ['device', 'device_error', 'fstype', 'mountpoint'],
  },
  node_filesystem_size_bytes: {
    type: 'gauge',
    help: 'Size of a file system',
    labels: ['device', 'device_error', 'fstype', 'mountpoint'],
  },
  node_filesystem_files: {
    type: 'gauge',
    help: 'Inodes of a file system',
    labels: ['device', 'device_error', 'fstype', 'mountpoint'],
  },
  node_filesystem_files_free: {
    type: 'gauge',
    help: 'Free inodes of a file system',
    labels: ['device', 'device_error', 'fstype', 'mountpoint'],
  },
  node_vmstat_oom_kill: {
    type: 'counter',
    exposedAs: 'untyped',
    help: 'Processes the kernel killed for memory',
    labels: [],
  },
} as const satisfies Record<string, CatalogueMetric>;
