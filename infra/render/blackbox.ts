import { toYaml } from './yaml.ts';

/** How an address is probed. */
const modules = {
  /** It says that it is well. */
  health: { valid_status_codes: [200] },
  /** The same by TLS, with a certificate that is trusted and of that name. */
  'public-health': { valid_status_codes: [200], fail_if_not_ssl: true },
  /** It answers by TLS, and does not let strangers in. */
  'public-closed': { valid_status_codes: [401], fail_if_not_ssl: true },
} as const;

export type ProbeModule = keyof typeof modules;

/** `blackbox.yaml` of the blackbox exporter. */
export const renderBlackbox = (): string =>
  toYaml({
    modules: Object.fromEntries(
      Object.entries(modules).map(([name, http]) => [
        name,
        {
          prober: 'http',
          // Shorter than the time between two scrapes, so that an answer that does not come is a failure, and no gap.
          timeout: '5s',
          http: { method: 'GET', follow_redirects: false, preferred_ip_protocol: 'ip4', ...http },
        },
      ]),
    ),
  });
