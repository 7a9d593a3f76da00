import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  brokerEnvironment,
  formatArguments,
  serverArguments,
} from '../../../infra/local/kafka/broker-command.ts';
import { freePorts } from '../../../infra/local/pick-ports.ts';
import { renderKafkaLogging, renderKafkaProperties } from '../../../infra/render/kafka.ts';
import { makeDirectory } from '../../../telemetry/make-directory.ts';
import { ChaosProcess } from '../chaos-process.ts';

export interface BrokerProcess {
  /** What clients connect to first. */
  readonly bootstrap: string;
  readonly process: ChaosProcess;
}

const host = '127.0.0.1';

/** A real broker of one node on free ports, that can be killed and started again on its data. @param kafka the binary */
export async function brokerProcess(kafka: string, directory: string): Promise<BrokerProcess> {
  makeDirectory(directory);
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const [properties, loggingFile] = [
    join(directory, 'server.properties'),
    join(directory, 'log4j2.properties'),
  ];
  const at = { host, port };
  const rendered = { dataDir: join(directory, 'data'), listen: at, advertised: at, controllerPort };
  writeFileSync(properties, renderKafkaProperties(rendered));
  writeFileSync(loggingFile, renderKafkaLogging());
  const env = brokerEnvironment({ loggingFile, logDir: directory });
  await promisify(execFile)(kafka, [...formatArguments(properties)], { env: { ...process.env, ...env } });
  const bootstrap = `${host}:${port}`;
  const readyUrl = `kafka://${bootstrap}`;
  return {
    bootstrap,
    process: new ChaosProcess({ command: kafka, args: serverArguments(properties), env, readyUrl }),
  };
}
