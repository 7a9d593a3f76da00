import { logFields } from '../telemetry/contract/logs.ts';

/** One stage of the log pipeline, as data; renderers turn it into Promtail's or Alloy's configuration. */
export type PipelineStage =
  /** Kubernetes' log format: timestamp, stream, partial mark, content; partial lines are joined. */
  | { readonly kind: 'cri' }
  /** JMESPath expressions over the line; a line that is not JSON extracts nothing and goes on. */
  | { readonly kind: 'json'; readonly expressions: Readonly<Record<string, string>> }
  /** Go template over what was extracted; its result replaces `source`. */
  | { readonly kind: 'template'; readonly source: string; readonly template: string }
  | { readonly kind: 'timestamp'; readonly source: string; readonly format: string }
  | { readonly kind: 'labels'; readonly names: readonly string[] }
  | { readonly kind: 'structuredMetadata'; readonly names: readonly string[] }
  /** Counts lines whose `source` has `value`. */
  | {
      readonly kind: 'count';
      readonly name: string;
      readonly help: string;
      readonly source: string;
      readonly value: string;
    };

type StorageKind = 'label' | 'metadata' | 'line';

const fieldsStoredAs = (storage: StorageKind): readonly string[] =>
  Object.entries(logFields).flatMap(([name, field]) => (field.storage === storage ? [name] : []));

/**
 * Other programs' names of levels, folded into the contract's five. A level outside them becomes empty, which
 * sets no label, so that a stray value can't open a new stream.
 */
const levelTemplate = [
  '{{ $level := ToUpper .Value }}',
  '{{ if or (eq $level "WARN") (eq $level "WARNING") }}WARNING',
  '{{ else if or (eq $level "ERR") (eq $level "ERROR") }}ERROR',
  '{{ else if or (eq $level "FATAL") (eq $level "PANIC") (eq $level "CRITICAL") (eq $level "CRIT") }}CRITICAL',
  '{{ else if or (eq $level "DEBUG") (eq $level "TRACE") }}DEBUG',
  '{{ else if or (eq $level "INFO") (eq $level "NOTICE") }}INFO',
  '{{ end }}',
].join('');

/** From a container's log file to Loki: the same on a laptop and as a DaemonSet. */
export function logPipeline(): readonly PipelineStage[] {
  const extracted = Object.keys(logFields).filter((name) => name !== 'message');
  return [
    { kind: 'cri' },
    {
      kind: 'json',
      // `type(@)` is "object" for a JSON object, and absent when the line is no JSON at all.
      expressions: {
        ...Object.fromEntries(extracted.map((name) => [name, name])),
        log_format: 'type(@)',
      },
    },
    {
      kind: 'template',
      source: 'log_format',
      template: '{{ if eq .Value "object" }}json{{ else }}text{{ end }}',
    },
    { kind: 'template', source: 'level', template: levelTemplate },
    { kind: 'timestamp', source: 'timestamp', format: 'RFC3339Nano' },
    { kind: 'labels', names: [...fieldsStoredAs('label'), 'log_format'] },
    { kind: 'structuredMetadata', names: fieldsStoredAs('metadata') },
    {
      kind: 'count',
      name: 'unparsed_lines_total',
      help: 'Lines that were not JSON',
      source: 'log_format',
      value: 'text',
    },
  ];
}
