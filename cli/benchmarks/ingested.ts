import { type Outgoing, outgoingOf } from '../../services/log-ingestor/outgoing.ts';
import type { AdmittedEntry } from '../../services/pipeline/entry.ts';
import { StreamLabels } from '../../services/pipeline/loki/stream-labels.ts';
import { batchOf, streamsOf } from '../../services/pipeline/queue/batch.ts';

/** Makes of entries what the ingestor makes of them, with no labels but their own. */
export function ingested(organization: string): (entries: readonly AdmittedEntry[]) => readonly Outgoing[] {
  const placing = new StreamLabels({
    labels: {},
    allowed: [],
    maxStreams: 100,
    maxServices: 1000,
    onOverflow: () => {},
    onServiceOverflow: () => {},
  });
  return (entries) => outgoingOf(organization, streamsOf(batchOf(organization, entries)), placing);
}
