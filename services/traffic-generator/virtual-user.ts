import { z } from 'zod';
import type { Answer, Client } from './client.ts';
import type { Random } from './random.ts';

/** Tasks a user remembers at most, and how many before new ones give way to tidying up. */
const maxKnown = 100;
const plenty = 25;

/** How often users do what, relative to each other. */
const habits = {
  list: 30,
  read: 18,
  create: 20,
  update: 12,
  complete: 10,
  delete: 10,
} as const;

/** Mistakes that people make: shares of all requests. */
const mistakes = { missingTask: 0.01, invalidTask: 0.01, wrongPassword: 0.003 } as const;

/**
 * Share of requests that log in anew, as from another browser. Without them nearly every login that is counted would
 * be a mistyped one, which an alert on the share of failures takes for an attack.
 */
const loginShare = 0.03;

const titles = [
  'Water the plants',
  'Call the bank',
  'Pay the rent',
  'Book a table',
  'Write the report',
] as const;
const recurrences = ['daily', 'weekly', 'monthly'] as const;

const loginAnswer = z.object({ token: z.string() });
const taskAnswer = z.object({ id: z.string() });
const listAnswer = z.object({ tasks: z.array(z.object({ id: z.string(), done: z.boolean() })) });

/** One person who uses the task application, a request at a time. */
export class VirtualUser {
  readonly name: string;
  token: string | undefined;
  readonly #password: string;
  readonly #client: Client;
  readonly #random: Random;
  #loggingIn: Promise<void> | undefined;
  /** Ids of tasks that are open, as far as this user knows. */
  #open: string[] = [];
  /** Ids of completed tasks, which are tidied away first. */
  #done: string[] = [];

  constructor(name: string, password: string, client: Client, random: Random) {
    this.name = name;
    this.#password = password;
    this.#client = client;
    this.#random = random;
  }

  /** One request: whatever this user feels like. Never rejects. */
  async act(): Promise<void> {
    if (this.token === undefined) return this.#logIn();
    if (this.#random.chance(loginShare)) return this.#logIn();
    const mood = this.#random.next();
    if (mood < mistakes.wrongPassword) return this.#mistypePassword();
    if (mood < mistakes.wrongPassword + mistakes.missingTask) return this.#readMissing();
    if (mood < mistakes.wrongPassword + mistakes.missingTask + mistakes.invalidTask)
      return this.#createInvalid();
    const wish = this.#random.weighted(habits);
    const habit = wish === 'create' && this.#open.length >= plenty ? 'delete' : wish;
    const task = this.#open[this.#random.below(this.#open.length)];
    const [completed] = this.#done;
    if (habit === 'delete' && completed !== undefined) return this.#touch(completed, 'DELETE', '');
    if (habit === 'list') return this.#list();
    if (habit === 'create' || task === undefined) return this.#create();
    if (habit === 'read') return this.#touch(task, 'GET', '');
    if (habit === 'update')
      return this.#touch(task, 'PATCH', '', { notes: `Thought of it again ${Date.now()}` });
    if (habit === 'complete') return this.#touch(task, 'POST', '/complete');
    return this.#touch(task, 'DELETE', '');
  }

  /** One at a time, as people do: a login costs the service as much as a hundred other requests. */
  #logIn(): Promise<void> {
    this.#loggingIn ??= this.#sendLogin().finally(() => {
      this.#loggingIn = undefined;
    });
    return this.#loggingIn;
  }

  async #sendLogin(): Promise<void> {
    const body = { username: this.name, password: this.#password };
    const answer = await this.#client.send({ method: 'POST', route: '/login', path: '/login', body });
    const parsed = loginAnswer.safeParse(answer?.body);
    if (answer?.status === 200 && parsed.success) this.token = parsed.data.token;
  }

  async #mistypePassword(): Promise<void> {
    const body = { username: this.name, password: 'Sightline-demo' };
    await this.#client.send({ method: 'POST', route: '/login', path: '/login', body });
  }

  async #list(): Promise<void> {
    const answer = await this.#send('GET', '/tasks', '/tasks?limit=50&done=false');
    const parsed = listAnswer.safeParse(answer?.body);
    if (parsed.success) this.#open = parsed.data.tasks.map(({ id }) => id).slice(0, maxKnown);
  }

  async #create(): Promise<void> {
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    const answer = await this.#send('POST', '/tasks', '/tasks', {
      title: this.#random.pick(titles),
      ...(this.#random.chance(0.3) ? { recurrence: this.#random.pick(recurrences) } : {}),
      ...(this.#random.chance(0.4) ? { remind_at: inMs(2000 + this.#random.below(20_000)) } : {}),
      ...(this.#random.chance(0.5) ? { due_at: inMs(60_000 + this.#random.below(86_400_000)) } : {}),
    });
    const parsed = taskAnswer.safeParse(answer?.body);
    if (answer?.status === 201 && parsed.success) {
      this.#open = [parsed.data.id, ...this.#open].slice(0, maxKnown);
    }
  }

  async #readMissing(): Promise<void> {
    await this.#send('GET', '/tasks/:id', '/tasks/00000000-0000-4000-8000-000000000000');
  }

  async #createInvalid(): Promise<void> {
    await this.#send('POST', '/tasks', '/tasks', { title: '', due_at: 'tomorrow' });
  }

  async #touch(id: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', verb: string, body?: object) {
    const answer = await this.#send(method, `/tasks/:id${verb}`, `/tasks/${id}${verb}`, body);
    const completed = verb === '/complete' && answer?.status === 200;
    const gone = answer?.status === 404 || answer?.status === 204;
    if (!completed && !gone) return;
    this.#open = this.#open.filter((known) => known !== id);
    this.#done = this.#done.filter((known) => known !== id);
    if (completed) this.#done = [...this.#done, id].slice(-maxKnown);
  }

  async #send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    route: string,
    path: string,
    body?: object,
  ): Promise<Answer | undefined> {
    const answer = await this.#client.send({ method, route, path, token: this.token, body });
    if (answer?.status === 401) this.token = undefined;
    return answer;
  }
}
