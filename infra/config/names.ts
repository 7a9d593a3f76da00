/** Environments; each has a file in `infra/environments/`. */
export const environmentNames = ['local', 'docker', 'dev', 'staging', 'prod'] as const;
export type EnvironmentName = (typeof environmentNames)[number];
