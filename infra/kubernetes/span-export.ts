import { otlpEndpoint } from '../config/traces.ts';
import { type ClusterContext, metadata, namespaces, part } from './context.ts';
import { type Container, type ObjectOf, object } from './object.ts';

const secretName = 'traces';
const key = 'OTLP_HEADERS';

/** What the store of traces asks for of those that send spans, who are all in one namespace. */
export const tracesSecret = (context: ClusterContext): readonly ObjectOf<'Secret'>[] =>
  context.kubernetes.traces?.headers
    ? [
        object(
          'Secret',
          metadata(part(context, 'services', { namespace: namespaces.services }), secretName),
          {
            stringData: { [key]: { secretRef: 'OTLP_HEADERS' } },
          },
        ),
      ]
    : [];

/** Where a process sends its spans; nothing where traces are not kept. */
export function spanVariables({ kubernetes: { traces } }: ClusterContext): NonNullable<Container['env']> {
  const endpoint = traces && otlpEndpoint(traces);
  return [
    ...(endpoint ? [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: endpoint }] : []),
    ...(traces?.headers
      ? [{ name: 'OTEL_EXPORTER_OTLP_HEADERS', valueFrom: { secretKeyRef: { name: secretName, key } } }]
      : []),
  ];
}
