import type { AdmittedEntry } from '../../pipeline/entry.ts';
import { StreamLabels } from '../../pipeline/loki/stream-labels.ts';
import { batchOf, streamsOf } from '../../pipeline/queue/batch.ts';
import { type Outgoing, outgoingOf } from '../outgoing.ts';

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
