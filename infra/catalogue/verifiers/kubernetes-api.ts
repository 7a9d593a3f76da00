import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';

/** Milliseconds for one request. */
const timeoutMs = 30_000;

/** What the API server made of an object that it was given. */
export interface Applied {
  readonly object: unknown;
  /** What it admitted, and thinks ill of. */
  readonly warnings: readonly string[];
}

/** The few requests that objects are made with, to an API server that signed its certificate itself. */
export class KubernetesApi {
  readonly #server: string;
  readonly #token: string;
  readonly #certificate: () => string;

  constructor(server: string, token: string, certificate: () => string) {
    this.#server = server;
    this.#token = token;
    this.#certificate = certificate;
  }

  async get(path: string): Promise<string> {
    return (await this.#ask('GET', path)).text;
  }

  async create(path: string, object: unknown): Promise<string> {
    return (await this.#ask('POST', path, { type: 'application/json', object })).text;
  }

  /** Server-side apply, as Pulumi does it; a field that the schema does not have is refused. */
  async apply(path: string, object: unknown): Promise<Applied> {
    const { text, warnings } = await this.#ask(
      'PATCH',
      `${path}?fieldManager=sightline&force=true&fieldValidation=Strict`,
      { type: 'application/apply-patch+yaml', object },
    );
    return { object: JSON.parse(text), warnings };
  }

  /** Sets the status of an object, as what runs it would. */
  async setStatus(path: string, status: unknown): Promise<string> {
    const body = { type: 'application/merge-patch+json', object: { status } };
    return (await this.#ask('PATCH', `${path}/status`, body)).text;
  }

  /** Deletes an object, and what it owns in the background. */
  async delete(path: string): Promise<void> {
    await this.#ask('DELETE', `${path}?propagationPolicy=Background`);
  }

  /** @throws Error for an answer that is not 2xx, with what it says */
  #ask(
    method: string,
    path: string,
    body?: { readonly type: string; readonly object: unknown },
  ): Promise<{ readonly text: string; readonly warnings: readonly string[] }> {
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.#server}${path}`,
        {
          method,
          ca: this.#certificate(),
          timeout: timeoutMs,
          headers: {
            authorization: `Bearer ${this.#token}`,
            ...(body === undefined ? {} : { 'content-type': body.type }),
          },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () => {
            const { statusCode = 0 } = answer;
            if (statusCode >= 200 && statusCode < 300)
              resolve({ text, warnings: warningsIn(answer.headers) });
            else reject(new Error(`${method} ${path} answered ${statusCode}: ${text.slice(0, 500)}`));
          });
        },
      );
      asked.on('error', reject);
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path} took too long`)));
      asked.end(body === undefined ? undefined : JSON.stringify(body.object));
    });
  }
}

/** Each is `299 - "text"`, and Node joins them with a comma. */
const warningsIn = ({ warning }: IncomingHttpHeaders): readonly string[] =>
  [...(warning ?? '').matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text);
