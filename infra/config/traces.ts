import { z } from 'zod';
import { componentPorts } from '../../telemetry/contract/ports.ts';
import { namespaces } from '../../telemetry/contract/services.ts';
import type { TraceStore } from './grafana.ts';

/** Where the services of a cluster send their spans; nowhere when it is left out. */
export const tracesSchema = z.strictObject({
  store: z.enum(['jaeger', 'otlp']).meta({
    description: 'A Jaeger of its own, which forgets when it restarts, or a store that is there already',
    allowed: 'jaeger in dev; otlp',
  }),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .refine((value) => !value.endsWith('/'))
    .optional()
    .meta({
      description: 'OTLP/HTTP endpoint of the store that is there already',
      allowed: 'an http or https address without a slash at the end',
    }),
  headers: z.boolean().optional().meta({
    description: 'Whether the secret OTLP_HEADERS goes with every request; not by default',
    allowed: 'true or false',
  }),
});

type Traces = z.infer<typeof tracesSchema>;

const jaeger = (port: number): string => `http://jaeger.${namespaces.stack}.svc:${port}`;

/** Where the services of a cluster send their spans. */
export const otlpEndpoint = ({ store, endpoint }: Traces): string | undefined =>
  store === 'jaeger' ? jaeger(componentPorts.otlp) : endpoint;

/** What of an environment's configuration traces are about. */
interface Traced {
  readonly environment: string;
  readonly kubernetes?: { readonly traces?: Traces | undefined } | undefined;
  readonly traceStore?: TraceStore | undefined;
}

/** A Jaeger of its own is what Grafana shows traces of. */
export function withTraceStore<C extends Traced>(config: C): C {
  return config.kubernetes?.traces?.store === 'jaeger'
    ? { ...config, traceStore: { type: 'jaeger', url: jaeger(componentPorts.jaeger) } }
    : config;
}

/** What may not be combined, by path. */
export function tracesComplaints({ environment, kubernetes, traceStore }: Traced): readonly {
  readonly path: readonly string[];
  readonly input: unknown;
  readonly allowed: string;
}[] {
  const { traces } = kubernetes ?? {};
  if (!traces) return [];
  const at = (key: keyof Traces, allowed: string) => ({
    path: ['kubernetes', 'traces', key],
    input: traces[key],
    allowed,
  });
  if (traces.store === 'otlp')
    return traces.endpoint ? [] : [at('endpoint', 'the address of the store, which is there already')];
  return [
    ...(environment === 'dev' ? [] : [at('store', 'otlp: a Jaeger that forgets is only for dev')]),
    ...(traces.endpoint ? [at('endpoint', 'no such key with store: jaeger, which has its own')] : []),
    ...(traces.headers ? [at('headers', 'no such key with store: jaeger, which asks for none')] : []),
    ...(traceStore
      ? [{ path: ['traceStore'], input: 'keys', allowed: 'no such key with a Jaeger of its own' }]
      : []),
  ];
}
