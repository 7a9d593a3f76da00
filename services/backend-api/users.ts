import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Kysely } from 'kysely';
import { demoPassword, demoUserName } from '../kit/demo-users.ts';
import type { Tables } from './schema.ts';

const derive = promisify<string, string, number, Buffer>(scrypt);
const keyBytes = 32;

/** Adds the demo users that are missing. Slow on purpose, like the hash: some 50 ms each on first start. */
export async function seedDemoUsers(database: Kysely<Tables>, count: number): Promise<void> {
  const known = await database.selectFrom('users').select('name').execute();
  const names = new Set(known.map(({ name }) => name));
  const missing = Array.from({ length: count }, (_, index) => demoUserName(index)).filter(
    (name) => !names.has(name),
  );
  if (missing.length === 0) return;
  const rows = [];
  // One after the other: each hash takes 16 MB while it is computed.
  for (const name of missing) {
    const salt = randomBytes(16).toString('base64');
    rows.push({ name, salt, hash: (await derive(demoPassword, salt, keyBytes)).toString('base64') });
  }
  await database.insertInto('users').values(rows).execute();
}

/** An unknown user costs as much time as a wrong password, so that names cannot be probed. */
export async function passwordMatches(
  database: Kysely<Tables>,
  name: string,
  password: string,
): Promise<boolean> {
  const user = await database.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
  const actual = await derive(password, user?.salt ?? 'nobody', keyBytes);
  return user !== undefined && timingSafeEqual(actual, Buffer.from(user.hash, 'base64'));
}
