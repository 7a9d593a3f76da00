import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executableOnPath } from '../../infra/local/toolchain/path-lookup.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { freePorts } from '../support/ports.ts';

const run = promisify(execFile);

/** Debian keeps the programs of the server, of each version, out of PATH. */
async function serverPrograms(): Promise<string | undefined> {
  const found = await executableOnPath('initdb', process.env);
  if (found) return join(found, '..');
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : `/usr/lib/postgresql/${newest}/bin`;
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root; Debian's package makes a user for it. */
async function postgresUser(): Promise<Owner> {
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

const bin = await serverPrograms();
const isRoot = process.getuid?.() === 0;
const user: Owner | undefined = isRoot ? await postgresUser().catch(() => undefined) : {};
const why = bin ? 'root, and no user postgres' : 'no PostgreSQL on this machine';

describe.skipIf(bin === undefined || user === undefined)(
  `the documented copy of Grafana’s database in PostgreSQL${bin && user ? '' : ` (skipped: ${why})`}`,
  () => {
    let dir: string;
    let port = 0;

    const as = (program: string, args: readonly string[]): Promise<{ readonly stdout: string }> =>
      run(program, [...args], {
        cwd: dir,
        timeout: 60_000,
        env: { ...process.env, PGPASSFILE: join(dir, 'pgpass'), PATH: `${bin}:${process.env.PATH}` },
        ...user,
      });
    const sql = async (text: string): Promise<string> =>
      (
        await as('psql', ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'grafana', '-At', '-c', text, 'grafana'])
      ).stdout.trim();

    const give = async (path: string): Promise<void> => {
      if (user?.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
    };

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'sightline-postgres-'));
      [port = 0] = await freePorts(1);
      for (const [name, text] of [
        ['password', 'a password with spaces'],
        ['pgpass', `127.0.0.1:${port}:*:grafana:a password with spaces`],
      ] as const) {
        await writeFile(join(dir, name), `${text}\n`);
        await chmod(join(dir, name), 0o600);
        await give(join(dir, name));
      }
      await give(dir);
      await as('initdb', ['-D', 'data', '-U', 'grafana', '--auth=scram-sha-256', '--pwfile=password']);
      const options = `-p ${port} -k ${dir} -c listen_addresses=127.0.0.1 -c fsync=off`;
      await as('pg_ctl', ['-D', 'data', '-o', options, '-l', 'log', '-w', 'start']);
      await as('createdb', ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'grafana', 'grafana']);
    });
    afterAll(async () => {
      await as('pg_ctl', ['-D', 'data', '-m', 'fast', '-w', 'stop']).catch(() => undefined);
      await rm(dir, { recursive: true, force: true });
    });

    it('brings back what was there, and takes away what came later', async () => {
      const page = await readFile(join(repositoryRoot, 'docs/how-to/back-up-and-restore.md'), 'utf8');
      const commands = [...page.matchAll(/^(pg_\w+ .*?)(?: {2,}#.*)?$/gm)].map(([, command = '']) =>
        command.replace('--host=postgres.example.com', `--host=127.0.0.1 --port=${port}`),
      );
      expect(commands.map((command) => command.split(' ')[0])).toEqual([
        'pg_dump',
        'pg_restore',
        'pg_restore',
      ]);
      const [dump = '', list = '', restore = ''] = commands;

      await sql('CREATE TABLE dashboard (id serial PRIMARY KEY, data text)');
      await sql("INSERT INTO dashboard (data) SELECT repeat('x', 100) FROM generate_series(1, 500)");
      await as('bash', ['-ec', dump]);
      expect((await as('bash', ['-ec', list])).stdout).toContain('TABLE DATA public dashboard grafana');
      await sql('DELETE FROM dashboard WHERE id > 3');
      await sql("INSERT INTO dashboard (data) VALUES ('later')");
      await as('bash', ['-ec', restore]);
      expect(await sql("SELECT count(*), count(*) FILTER (WHERE data = 'later') FROM dashboard")).toBe(
        '500|0',
      );
      // What is made next gets an id of its own.
      await sql("INSERT INTO dashboard (data) VALUES ('next')");
      expect(await sql("SELECT id FROM dashboard WHERE data = 'next'")).toBe('501');
    });
  },
);
