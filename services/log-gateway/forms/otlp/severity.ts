import type { LogLevel } from '../../../../telemetry/contract/logs.ts';

/** OpenTelemetry's severity numbers, four a level. https://opentelemetry.io/docs/specs/otel/logs/data-model/ */
export function levelByNumber(number: number): LogLevel {
  if (number >= 21) return 'CRITICAL';
  if (number >= 17) return 'ERROR';
  if (number >= 13) return 'WARNING';
  return number >= 9 || number === 0 ? 'INFO' : 'DEBUG';
}
