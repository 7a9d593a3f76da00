import { type SecretForm, type SecretName, secrets } from '../../telemetry/contract/secrets.ts';

/** Secrets that only a cluster needs: what a laptop makes for itself, or does without. */
const clusterSecrets = {
  AUTH_SECRET: {
    form: 'token',
    description: 'What the services sign their tokens with: at least 32 characters, the same for all of them',
  },
  EVENT_BUS_PASSWORD: { form: 'password', description: 'Password of the Redis that carries the events' },
  GRAFANA_DATABASE_PASSWORD: {
    form: 'password',
    description: 'Password of the PostgreSQL database that more than one Grafana shares',
  },
} as const satisfies Record<string, { readonly form: SecretForm; readonly description: string }>;

export type ClusterSecretName = SecretName | keyof typeof clusterSecrets;

/** A secret by name, never by value; the target puts the value in its place. */
export interface ClusterSecretRef {
  readonly secretRef: ClusterSecretName;
}

/** Every secret that a cluster may be given, with what is asked for. */
export const secretTable: Readonly<
  Record<ClusterSecretName, { readonly form: SecretForm; readonly description: string }>
> = { ...secrets, ...clusterSecrets };

export const isClusterSecret = (name: string): name is ClusterSecretName => Object.hasOwn(secretTable, name);
