/** Where releases are published; SIGHTLINE_RELEASES_URL stands in for each of them. */
export const github = 'https://github.com';
export const grafanaDownloads = 'https://dl.grafana.com';
export const kubernetesDownloads = 'https://dl.k8s.io';
