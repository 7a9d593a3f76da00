import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { jwtVerify, SignJWT } from 'jose';
import type { ServiceName } from '../../telemetry/contract/services.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { makeDirectory } from '../../telemetry/make-directory.ts';

/** Who a token speaks for: a user, or a service that acts for its users. */
export interface Identity {
  readonly kind: 'user' | 'service';
  readonly name: string;
}

const issuer = 'sightline-backend-api';
const algorithm = 'HS256';
/** Seconds that a login lasts. */
export const userTokenSeconds = 12 * 60 * 60;
/** Seconds that a service's token lasts; it makes a new one for each call. */
const serviceTokenSeconds = 60;

/** Signs and checks bearer tokens: JWT, HMAC with SHA-256. */
export class Tokens {
  readonly #key: Uint8Array;

  constructor(secret: string) {
    this.#key = new TextEncoder().encode(secret);
  }

  forUser(name: string): Promise<string> {
    return this.#sign({ kind: 'user', name }, userTokenSeconds);
  }

  forService(name: ServiceName): Promise<string> {
    return this.#sign({ kind: 'service', name }, serviceTokenSeconds);
  }

  /** Who it speaks for, or undefined when it is forged, expired or no token at all. */
  async verify(token: string): Promise<Identity | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, { issuer, algorithms: [algorithm] });
      const kind = payload.kind;
      if (payload.sub === undefined || (kind !== 'user' && kind !== 'service')) return undefined;
      return { kind, name: payload.sub };
    } catch {
      return undefined;
    }
  }

  #sign(identity: Identity, seconds: number): Promise<string> {
    return new SignJWT({ kind: identity.kind })
      .setProtectedHeader({ alg: algorithm })
      .setSubject(identity.name)
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .sign(this.#key);
  }
}

/**
 * The secret that the services share: given, or kept in a file of mode 0600 that the first one makes.
 * @throws SightlineError SL1704 when the file cannot be made or is damaged.
 */
export function loadSecret(given: string | undefined, path: string): string {
  if (given !== undefined) return given;
  try {
    const secret = readSecret(path) ?? createSecret(path);
    if (secret.length >= 32) return secret;
    throw new Error('it is shorter than 32 characters');
  } catch (cause) {
    throw new SightlineError('SL1704', {
      what: `cannot use the secret: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: path,
      fix: 'make the directory writable and delete the file, or set AUTH_SECRET',
      cause,
    });
  }
}

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of several services that start at once one wins, and all read what it wrote, whole. */
function createSecret(path: string): string {
  makeDirectory(dirname(path));
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, randomBytes(48).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readSecret(path) ?? '';
}
