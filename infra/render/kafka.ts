/** One node that is broker and controller at once (KRaft): a laptop's, and dev's. Elsewhere Kafka is somebody's already. */
export interface SingleKafka {
  /** Folder of its own; everything it keeps. */
  readonly dataDir: string;
  /** Address it listens on, and the name by which clients reach it. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly advertised: { readonly host: string; readonly port: number };
  /** Only the node itself talks to it, on loopback. */
  readonly controllerPort: number;
}

const mebibyte = 1024 * 1024;

/**
 * server.properties of a single node. An acknowledgement means that the one copy is written, not flushed: it outlives
 * a kill of the process (the page cache is the kernel's), and not a power failure. Flushing each batch would not make
 * one copy into three; what may not be lost needs replication 3 and min.insync.replicas 2.
 */
export function renderKafkaProperties(kafka: SingleKafka): string {
  const { listen, advertised, controllerPort } = kafka;
  const properties: Readonly<Record<string, string | number | boolean>> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `CLIENTS://${listen.host}:${listen.port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENTS://${advertised.host}:${advertised.port}`,
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': kafka.dataDir,
    // One node can hold one copy of anything.
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // Kafka's 50 are for clusters: each is files to open at a start, and to recover after a kill.
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.num.partitions': 5,
    // As many consumers of a group can share a topic.
    'num.partitions': 3,
    'auto.create.topics.enable': true,
    // Nobody waits for further members of a group on a laptop.
    'group.initial.rebalance.delay.ms': 0,
    // After a kill the controller refuses the new process while the old one's session lasts (9 s by default).
    'broker.session.timeout.ms': 4000,
    'broker.heartbeat.interval.ms': 1000,
    // Only whole segments are deleted, so they are small.
    'log.retention.hours': 24,
    'log.retention.bytes': 512 * mebibyte,
    'log.segment.bytes': 64 * mebibyte,
    // It is taken from the heap at the start, and is 128 MiB by default.
    'log.cleaner.dedupe.buffer.size': 8 * mebibyte,
    'num.network.threads': 2,
    'num.io.threads': 4,
  };
  return lines(properties);
}

/** Kafka's own log as JSON lines on standard output, in the fields that the log pipeline reads. */
export function renderKafkaLogging(): string {
  const fields = [
    `"timestamp":"%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}{UTC}"`,
    '"level":"%p"',
    '"logger":"%c"',
    '"message":"%enc{%m}{JSON}"',
    '"exception":"%enc{%xEx}{JSON}"',
  ];
  return lines({
    'rootLogger.level': 'info',
    'rootLogger.appenderRef.stdout.ref': 'stdout',
    'appender.stdout.type': 'Console',
    'appender.stdout.name': 'stdout',
    'appender.stdout.layout.type': 'PatternLayout',
    'appender.stdout.layout.alwaysWriteExceptions': false,
    'appender.stdout.layout.pattern': `{${fields.join(',')}}%n`,
    // All settings, at every start and for every client.
    'logger.settings.name': 'org.apache.kafka.common.config.AbstractConfig',
    'logger.settings.level': 'warn',
  });
}

/** Java's properties: a backslash would escape what follows it. */
const lines = (properties: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('');
