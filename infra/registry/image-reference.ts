/** An image as a registry knows it. */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Reads `quay.io/prometheus/prometheus:v3.15.0`; a registry must be named, and a digest must not. */
export function parseImage(image: string): ImageReference {
  const [, registry, repository, tag] = /^([^/]+\.[^/]+)\/([^:@]+):([\w][\w.-]{0,127})$/.exec(image) ?? [];
  if (!registry || !repository || !tag) throw new TypeError(`no image of a registry with a tag: ${image}`);
  return { registry, repository, tag };
}

/** Where a registry answers: Docker's is not at the name that images begin with. */
export const registryUrl = (registry: string): string =>
  `https://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`;
