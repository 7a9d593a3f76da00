import { z } from 'zod';

/** Without what ends a value in `grafana.ini`, or is a variable there. @param longest in characters */
const text = (longest: number, allowed: string) =>
  z
    .string()
    .max(longest)
    .refine((value) => !/["$%\p{Cc}]|^\s|\s$|^$/u.test(value))
    .meta({ allowed: `${allowed}; without ", $, % and control characters, at most ${longest} characters` });

const encrypted = z
  .url()
  .refine((value) => /^(https:|http:\/\/(localhost|127\.0\.0\.1)[:/])[^"$%#;\s]+$/.test(value))
  .meta({ allowed: 'an https address; http only of this machine' });

/** Sign-on by OpenID Connect; the client's secret is a file of its own and never here. */
const oidc = z.strictObject({
  name: text(60, 'a name').describe('What the button of the sign-on page says: “Sign in with …”'),
  clientId: text(200, 'the id of a client').describe('Grafana’s client at the provider'),
  authUrl: encrypted.describe('The provider’s `authorization_endpoint`'),
  tokenUrl: encrypted.describe('The provider’s `token_endpoint`'),
  userinfoUrl: encrypted.describe('The provider’s `userinfo_endpoint`'),
  scopes: z
    .string()
    .regex(/^openid( [\w.:/-]{1,100}){0,20}$/)
    .meta({
      description: 'What is asked for at the provider',
      allowed: '`openid` and more scopes after it, one space between',
    }),
  allowedDomains: z
    .array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/))
    .min(1)
    .optional()
    .meta({
      description: 'Domains of e-mail addresses that may come in; all by default',
      allowed: 'a list of domains such as example.com',
    }),
  rolePath: text(1000, 'a JMESPath expression')
    .optional()
    .describe(
      'Gives Viewer, Editor or Admin from the provider’s claims; who gets none is turned away. Without it everybody is a Viewer',
    ),
});

export const grafanaSchema = z.strictObject({
  oidc: oidc.optional().describe('Sign-on; without it there is only the user `admin`'),
});

/** Data source types of Grafana that hold traces. */
const traceStoreTypes = ['jaeger', 'tempo'] as const;

export const traceStoreSchema = z.strictObject({
  type: z.enum(traceStoreTypes).describe('Grafana’s type of data source'),
  url: z
    .url({ protocol: /^https?$/ })
    .refine((value) => !value.endsWith('/') && !value.includes('$'))
    .meta({
      description: 'Where Grafana, not a browser, asks for traces',
      allowed: 'an http or https address without a slash at the end',
    }),
});

export type TraceStore = z.infer<typeof traceStoreSchema>;
