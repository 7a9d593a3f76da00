import { z } from 'zod';

/** How Loki runs: everything in one process, or each of its targets as processes of its own. */
export const lokiModes = ['single', 'distributed'] as const;

const text = (pattern: RegExp, description: string, allowed: string) =>
  z.string().regex(pattern).meta({ description, allowed });

/** What S3, OCI and Google Cloud take alike: no dots, which break certificates of addresses that begin with the bucket. */
const bucket = text(
  /^[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]$/,
  'The bucket; only Loki may write to it',
  'a name of 3 to 63 lower-case letters, digits and hyphens',
);
const region = (example: string) =>
  text(/^[a-z]+(-[a-z]+)+-\d$/, 'Where the bucket is', `a region such as ${example}`);

const s3 = z.strictObject({
  bucket,
  region: region('eu-central-1'),
  endpoint: text(
    /^[a-z0-9][a-z0-9.-]{0,252}(:[1-9]\d{1,4})?$/,
    'Server of another maker that speaks S3; AWS’s own of the region by default',
    'a host such as minio.example.com:9000, without https://',
  ).optional(),
  roleArn: text(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    'Role that Loki takes by its service account (EKS); without it the secrets LOKI_S3_ACCESS_KEY_ID and LOKI_S3_SECRET_ACCESS_KEY',
    'an ARN such as arn:aws:iam::123456789012:role/loki',
  ).optional(),
});

const oci = z.strictObject({
  bucket,
  region: region('eu-frankfurt-1'),
  namespace: text(
    /^[a-z0-9]{3,64}$/,
    'Object Storage namespace of the tenancy (`oci os ns get`)',
    'lower-case letters and digits',
  ),
});

const azure = z.strictObject({
  container: text(
    /^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/,
    'The container; only Loki may write to it',
    'a name of 3 to 63 lower-case letters, digits and single hyphens',
  ),
  account: text(/^[a-z0-9]{3,24}$/, 'The storage account', '3 to 24 lower-case letters and digits'),
  clientId: z.uuid().optional().meta({
    description:
      'Managed identity that Loki takes by its service account (AKS); without it the secret LOKI_AZURE_ACCOUNT_KEY',
    allowed: 'a client id such as 00000000-0000-4000-8000-000000000000',
  }),
});

const gcs = z.strictObject({
  bucket,
  serviceAccount: text(
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$/,
    'Account of Google Cloud that Loki takes by its service account (GKE); without it the secret LOKI_GCS_KEY',
    'an account such as loki-logs@example-project.iam.gserviceaccount.com',
  ).optional(),
});

const stores = { s3, oci, azure, gcs };

export type StoreName = keyof typeof stores;
export const storeNames = Object.keys(stores) as readonly StoreName[];

/** Keys of one store are below its name, so that no key of another can stand beside them. */
export const lokiStorageSchema = z
  .strictObject({
    s3: s3.optional().describe('AWS S3, or what speaks its protocol'),
    oci: oci
      .optional()
      .describe(
        'OCI Object Storage by its S3 endpoint, with a Customer Secret Key: the secrets LOKI_S3_ACCESS_KEY_ID and LOKI_S3_SECRET_ACCESS_KEY',
      ),
    azure: azure.optional().describe('Azure Blob Storage'),
    gcs: gcs.optional().describe('Google Cloud Storage'),
  })
  .refine((value) => Object.keys(value).length === 1)
  .meta({ allowed: `exactly one of ${storeNames.join(', ')}` });

/** Where chunks and their index are kept. */
export type LokiStore =
  | { readonly kind: 'filesystem' }
  | ({ readonly kind: 's3' } & z.infer<typeof s3>)
  | ({ readonly kind: 'oci' } & z.infer<typeof oci>)
  | ({ readonly kind: 'azure' } & z.infer<typeof azure>)
  | ({ readonly kind: 'gcs' } & z.infer<typeof gcs>);

/** What an environment says of how its Loki runs. */
export interface LokiKeys {
  readonly mode?: (typeof lokiModes)[number] | undefined;
  readonly storage?: z.infer<typeof lokiStorageSchema> | undefined;
}

export function lokiStore({ storage }: LokiKeys): LokiStore {
  if (storage?.s3) return { kind: 's3', ...storage.s3 };
  if (storage?.oci) return { kind: 'oci', ...storage.oci };
  if (storage?.azure) return { kind: 'azure', ...storage.azure };
  if (storage?.gcs) return { kind: 'gcs', ...storage.gcs };
  return { kind: 'filesystem' };
}

export const isDistributed = ({ mode }: LokiKeys): boolean => mode === 'distributed';

/** What may not be combined, by path below `loki`. */
export function lokiComplaints(
  loki: LokiKeys,
  onCluster: boolean,
): readonly {
  readonly path: readonly string[];
  readonly input: unknown;
  readonly allowed: string;
}[] {
  if (!onCluster)
    return [
      ...(isDistributed(loki)
        ? [{ path: ['mode'], input: loki.mode, allowed: 'single: distributed needs a cluster' }]
        : []),
      ...(loki.storage
        ? [{ path: ['storage'], input: loki.storage, allowed: 'no such key where there is no cluster' }]
        : []),
    ];
  return isDistributed(loki) && !loki.storage
    ? [
        {
          path: ['mode'],
          input: loki.mode,
          allowed: 'single, or distributed with loki.storage: processes of several nodes share no folder',
        },
      ]
    : [];
}
