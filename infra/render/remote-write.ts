import type { RemoteWrite } from '../config/remote-write.ts';

/** `remote_write` of `prometheus.yml`; the secret is in a file of its own. */
export const renderRemoteWrite = (
  { url, auth, queue = {}, relabel = [] }: RemoteWrite,
  secretFile: string,
): Readonly<Record<string, unknown>> => ({
  url,
  name: 'remote',
  ...(auth?.scheme === 'bearer' && { authorization: { type: 'Bearer', credentials_file: secretFile } }),
  ...(auth?.scheme === 'basic' && { basic_auth: { username: auth.user, password_file: secretFile } }),
  queue_config: {
    ...(queue.capacity !== undefined && { capacity: queue.capacity }),
    ...(queue.maxShards !== undefined && { max_shards: queue.maxShards }),
    ...(queue.maxSamplesPerSend !== undefined && { max_samples_per_send: queue.maxSamplesPerSend }),
  },
  write_relabel_configs: relabel.map(({ action, labels, regex }) => ({
    action,
    ...(labels && { source_labels: labels }),
    regex,
  })),
});
