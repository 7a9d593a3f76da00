import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { PipelineConfig } from '../../pipeline/config/schema.ts';
import { organizationPattern } from '../intake/entry-schema.ts';
import type { Caller } from './caller.ts';
import { scopes } from './key-record.ts';
import type { KeyRefusal } from './key-ring.ts';

const names = z.union([z.array(z.string()), z.string().transform((text) => text.split(' '))]);

/** Judges a token of the sign-on provider. */
export type TokenCheck = (token: string) => Promise<Caller | KeyRefusal>;

/** Undefined where the configuration names no provider. */
export function tokenCheck(config: PipelineConfig['keys']): TokenCheck | undefined {
  const { jwksUrl, issuer, audience, rolesClaim, organizationsClaim } = config;
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) return undefined;
  const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 5000 });
  // Never the symmetric ones: with them whoever knows the public key could sign.
  const algorithms = [
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
  ];
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', 'sub'],
      });
      const roles = names.safeParse(payload[rolesClaim]).data ?? [];
      const organizations = names.safeParse(payload[organizationsClaim]).data ?? [];
      return {
        id: `token:${payload.sub}`,
        scopes: scopes.filter((scope) => roles.includes(scope)),
        organizations: organizations.filter((name) => organizationPattern.test(name)),
      };
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'expired' : 'unknown';
    }
  };
}
