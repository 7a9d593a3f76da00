import { demoPassword, demoUserName } from '../../services/kit/demo-users.ts';
import type { StackClient } from './stack-client.ts';

/** A logged-in user of the sample application, over HTTP. */
export class TasksUser {
  private readonly base: string;
  private readonly token: string;

  private constructor(base: string, token: string) {
    this.base = base;
    this.token = token;
  }

  static async login(stack: StackClient): Promise<TasksUser> {
    const base = stack.url('backend-api');
    const answer = await fetch(`${base}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: demoUserName(0), password: demoPassword }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`login: ${answer.status} ${await answer.text()}`);
    return new TasksUser(base, ((await answer.json()) as { token: string }).token);
  }

  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.base}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  }
}
