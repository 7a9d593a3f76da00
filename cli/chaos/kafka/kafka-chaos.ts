import { join } from 'node:path';
import { readPipelineConfig } from '../../../services/pipeline/config/read-config.ts';
import type { ChaosHands, ChaosQueue, Trial } from '../chaos-queue.ts';
import { deadIdsIn } from '../dead-ids.ts';
import { readLedger } from '../ledger.ts';
import { brokerProcess } from './broker-process.ts';
import { DirectLoad } from './direct-load.ts';
import { deadRecords, recordsLeft } from './topics-read.ts';

const directOrganization = 'chaos-direct';
const dayMs = 86_400_000;

/** The queue in Kafka under chaos: a real broker, three ingestors, and an application that writes to Kafka itself. */
export async function kafkaChaos(kafkaBinary: string, directory: string): Promise<ChaosQueue> {
  const { kafka } = readPipelineConfig({ env: {} });
  const broker = await brokerProcess(kafkaBinary, join(directory, 'kafka'));
  const { bootstrap } = broker;
  const queue = join(directory, 'queue');
  const direct = new DirectLoad(bootstrap);
  direct.start();
  return {
    name: 'kafka',
    directory: queue,
    deeds: ['writes entries to the topic of the applications meanwhile, one record in five malformed.'],
    env: { KAFKA_BROKERS: bootstrap, KAFKA_ORGANIZATIONS: directOrganization, INGESTOR_REPLICAS: '3' },
    ingestors: 3,
    brokers: [{ name: 'kafka', process: broker.process }],
    waiting: () => recordsLeft(bootstrap, [kafka.queueTopic, kafka.topic]),
    deadIds: async () => deadIdsIn(queue),
    async trialsUnderLoad() {
      await direct.stop();
      return [];
    },
    trialsAtRest: async (hands) => [
      await entriesWrittenDirectly(direct, deadIdsIn(queue), hands),
      await malformedRecords(direct, await deadRecords(bootstrap, kafka.partitions)),
    ],
    remove: () => direct.stop(),
  };
}

async function entriesWrittenDirectly(
  { acknowledged }: DirectLoad,
  dead: ReadonlySet<string>,
  { pipeline }: ChaosHands,
): Promise<Trial> {
  const ofApplication = { ...pipeline, organization: directOrganization };
  const { lost, duplicates } = await readLedger(ofApplication, acknowledged, dead, Date.now() - dayMs);
  return {
    what: 'entries that an application wrote to Kafka itself',
    figure: `${acknowledged.size} acknowledged by the broker, ${lost.length} lost, ${duplicates} duplicates`,
    outcome: lost.length === 0 && acknowledged.size > 0 ? 'good' : 'bad',
  };
}

function malformedRecords({ malformed }: DirectLoad, dead: ReadonlySet<string>): Trial {
  const lost = [...malformed].filter((where) => !dead.has(where)).length;
  return {
    what: 'malformed records that it wrote',
    figure: `${malformed.size} acknowledged by the broker, ${lost} not in the topic of dead letters`,
    outcome: lost === 0 && malformed.size > 0 ? 'good' : 'bad',
  };
}
