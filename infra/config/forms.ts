import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

/** Forms that several keys of a cluster share. */

export const volume = z
  .string()
  .regex(/^[1-9]\d{0,5}Gi$/)
  .meta({ allowed: 'a size such as 10Gi' });

export const host = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/)
  .meta({ allowed: 'a host name such as tasks.example.com' });

export const address = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,252}:[1-9]\d{1,4}$/, { abort: true })
  .refine((value) => Number(value.split(':')[1]) <= 65_535)
  .meta({ allowed: 'host:port such as postgres.databases:5432' });

export const namespace = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
  .meta({ allowed: 'a name of Kubernetes: lower-case letters, digits and hyphens' });

/** The largest number is said in refusals too. */
export const wholeNumber = (min: number, max: number, description: string): z.ZodNumber =>
  z
    .number()
    .int()
    .min(min)
    .max(max)
    .meta({ description, allowed: `a whole number from ${min} to ${max}` });

export const yesOrNo = (description: string): z.ZodBoolean =>
  z.boolean().meta({ description, allowed: 'true or false' });

/** Certificates of authorities, one after the other. */
export const authorities = (description: string) =>
  z
    .string()
    .max(20_000)
    .refine(isAuthority)
    .optional()
    .meta({ description, allowed: 'certificates of authorities in PEM, no keys' });

/** Whether every certificate of a PEM file may sign others. */
function isAuthority(pem: string): boolean {
  const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\s*/g;
  const certificates = pem.match(block) ?? [];
  if (certificates.length === 0 || pem.replaceAll(block, '').trim() !== '') return false;
  try {
    return certificates.every((each) => new X509Certificate(each).ca);
  } catch {
    return false;
  }
}

/** What is wrong with a value that another makes wrong, by path below its group. */
export interface Complaint {
  readonly path: readonly string[];
  readonly input: unknown;
  readonly allowed: string;
}
