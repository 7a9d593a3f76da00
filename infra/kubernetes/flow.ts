/** What is not ours, or not in a pod: known by its namespace, its address, or nothing but the port. */
type Outside =
  | { readonly namespace: string }
  /** Of a network, as 10.0.0.0/8. */
  | { readonly address: string }
  /** Any address: nodes, the API server, receivers on the internet, databases by host name. */
  | 'anywhere';

export type Party = { readonly part: string; readonly namespace: string } | Outside;

/** A connection that is made. What is not here is not let through. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  readonly ports: readonly { readonly port: number; readonly protocol?: 'UDP' }[];
}

export type Ports = readonly (number | Flow['ports'][number])[];

export const flow = (from: Party, to: Party, ports: Ports): Flow => ({
  from,
  to,
  ports: ports.map((port) => (typeof port === 'number' ? { port } : port)),
});

/** Of `host:port`, or of an address on the web. */
export function portOf(address: string): number {
  const { protocol, port } = new URL(address.includes('://') ? address : `tcp://${address}`);
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
