/** The id that every single-node cluster of ours is formatted with; clients never need to know it. */
const clusterId = 'c2lnaHRsaW5lLWthZmthMQ';

/** File that formatting leaves in the data folder. */
export const formattedMark = 'meta.properties';

/** Makes the data folder Kafka's; does nothing where that was done before. */
export const formatArguments = (propertiesFile: string): readonly string[] => [
  'kafka.tools.StorageTool',
  'format',
  '--config',
  propertiesFile,
  '--cluster-id',
  clusterId,
  '--ignore-formatted',
];

export const serverArguments = (propertiesFile: string): readonly string[] => ['kafka.Kafka', propertiesFile];

/** What Kafka's script reads: a small heap, and our log in place of the distribution's. */
export function brokerEnvironment(options: {
  readonly loggingFile: string;
  readonly logDir: string;
}): Readonly<Record<string, string>> {
  return {
    KAFKA_HEAP_OPTS: '-Xms64m -Xmx256m',
    KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError',
    // Set, so that the distribution's script does not name a file of its own; ours may have spaces in its path.
    KAFKA_LOG4J_OPTS: '-Dlog4j2.disableJmx=true',
    LOG4J_CONFIGURATION_FILE: options.loggingFile,
    LOG_DIR: options.logDir,
  };
}
