/** Environments; each has a file in `infra/environments/`. */
export const environmentNames = ['local', 'docker', 'dev', 'staging', 'prod'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** Those that are deployed to Kubernetes; each has a Pulumi stack of the same name. */
export const clusterEnvironments = ['dev', 'staging', 'prod'] as const satisfies readonly EnvironmentName[];
export type ClusterEnvironment = (typeof clusterEnvironments)[number];
