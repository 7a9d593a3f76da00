import { activeSpan } from './active-span.ts';
import type { Tracing } from './tracing.ts';

const defaultTimeoutMs = 5000;

/**
 * `fetch` in a client span, with the request's id and trace context in the headers, and a timeout of five
 * seconds in addition to the caller's own signal.
 */
export function instrumentedFetch(tracing: Tracing): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
    const attributes = {
      'http.request.method': method,
      'server.address': url.hostname,
      'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
      'url.full': `${url.origin}${url.pathname}`,
    };
    return tracing.span(
      `${method}`,
      attributes,
      async () => {
        const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
        for (const [name, value] of Object.entries(tracing.inject())) headers.set(name, value);
        const signals = [
          AbortSignal.timeout(defaultTimeoutMs),
          init?.signal,
          input instanceof Request ? input.signal : undefined,
        ].filter((signal) => signal instanceof AbortSignal);
        const response = await fetch(input, { ...init, headers, signal: AbortSignal.any(signals) });
        activeSpan.getStore()?.recorded?.setAttribute('http.response.status_code', response.status);
        return response;
      },
      'client',
    );
  };
}
