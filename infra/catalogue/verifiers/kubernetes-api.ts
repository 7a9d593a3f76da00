import { request } from 'node:https';

/** Milliseconds for one request. */
const timeoutMs = 5_000;

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

  get(path: string): Promise<string> {
    return this.#ask('GET', path);
  }

  create(path: string, object: unknown): Promise<string> {
    return this.#ask('POST', path, { type: 'application/json', object });
  }

  /** Sets the status of an object, as what runs it would. */
  setStatus(path: string, status: unknown): Promise<string> {
    return this.#ask('PATCH', `${path}/status`, {
      type: 'application/merge-patch+json',
      object: { status },
    });
  }

  /** @throws Error for an answer that is not 2xx, with what it says */
  #ask(
    method: string,
    path: string,
    body?: { readonly type: string; readonly object: unknown },
  ): Promise<string> {
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
            if (statusCode >= 200 && statusCode < 300) resolve(text);
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
