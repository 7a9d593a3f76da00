import type { LogLevel } from '../../telemetry/contract/logs.ts';

/** A line in the services' format; the generator is none of them and needs no more than this. */
export function log(level: LogLevel, message: string, fields: object = {}): void {
  const timestamp = new Date().toISOString().replace('Z', '000Z');
  process.stdout.write(`${JSON.stringify({ timestamp, level, logger: 'traffic', message, ...fields })}\n`);
}
