import { serviceNames } from '../../telemetry/contract/services.ts';
import { clusterEnvironments } from '../config/names.ts';
import { clusterContext } from '../kubernetes/cluster-context.ts';
import { namespaces } from '../kubernetes/context.ts';
import type { Flow, Party } from '../kubernetes/flow.ts';
import { flows } from '../kubernetes/flows.ts';
import { code, generatedPage, markdownTable } from './markdown.ts';

/** Everything that flows, drawn and listed: from the same data that the network policies are made of. */
export function architecturePage(): string {
  const perEnvironment = clusterEnvironments.map((name) => ({ name, all: flows(clusterContext(name)) }));
  const rows = new Map<string, { readonly flow: Flow; readonly where: string[] }>();
  for (const { name, all } of perEnvironment)
    for (const flow of all) {
      const key = [nameOf(flow.from), nameOf(flow.to), portsOf(flow)].join('|');
      const row = rows.get(key) ?? { flow, where: [] };
      row.where.push(name);
      rows.set(key, row);
    }
  return generatedPage('Architecture on Kubernetes', '`infra/kubernetes/flows.ts`', [
    'The connections that are made. Each cluster’s NetworkPolicies let exactly these through, and forbid all others. The picture leaves out what everybody does (DNS), and draws the services as one.',
    `\`\`\`mermaid\n${drawing(perEnvironment.flatMap(({ all }) => all))}\n\`\`\``,
    `“Anywhere” is any address: nodes, the API server, receivers on the internet, databases by their host names. At 169.254.20.10 NodeLocal DNSCache answers, where a cluster has it. Namespaces of ours: ${Object.values(namespaces).map(code).join(', ')}. The node exporter is on its node’s network, where no policy reaches it.`,
    '## Every connection',
    markdownTable(
      ['from', 'to', 'ports', 'in'],
      [...rows.values()].map(({ flow, where }) => [
        nameOf(flow.from),
        nameOf(flow.to),
        portsOf(flow),
        where.length === clusterEnvironments.length ? 'all' : where.join(', '),
      ]),
    ),
  ]);
}

const anywhere = 'anywhere';

const dnsPort = 53;

function nameOf(party: Party): string {
  if (party === 'anywhere') return anywhere;
  if ('address' in party) return party.address;
  return 'part' in party ? `${party.namespace}/${party.part}` : `namespace ${party.namespace}`;
}

const portsOf = ({ ports }: Flow): string =>
  ports.map(({ port, protocol }) => (protocol ? `${port}/${protocol}` : String(port))).join(', ');

const isService = (name: string): boolean => serviceNames.some((service) => service === name);

/** What a party is in the picture: the services are one box. */
function boxOf(party: Party): { readonly label: string; readonly namespace?: string } {
  if (party === 'anywhere' || !('part' in party)) return { label: nameOf(party) };
  return { label: isService(party.part) ? 'services' : party.part, namespace: party.namespace };
}

const idOf = (label: string): string => label.replaceAll(/\W/g, '_');

function drawing(all: readonly Flow[]): string {
  const boxes = new Map<string, string | undefined>();
  const arrows = new Map<string, Set<number>>();
  for (const { from, to, ports } of all.filter((flow) => flow.ports.every(({ port }) => port !== dnsPort))) {
    for (const { label, namespace } of [boxOf(from), boxOf(to)]) boxes.set(label, namespace);
    const arrow = `${idOf(boxOf(from).label)} -->|PORTS| ${idOf(boxOf(to).label)}`;
    const known = arrows.get(arrow) ?? new Set();
    for (const { port } of ports) known.add(port);
    arrows.set(arrow, known);
  }
  const box = (label: string): string => `${idOf(label)}["${label}"]`;
  const inside = Object.values(namespaces).flatMap((namespace) => [
    `  subgraph ${idOf(namespace)}["${namespace}"]`,
    ...[...boxes].filter(([, of]) => of === namespace).map(([label]) => `    ${box(label)}`),
    '  end',
  ]);
  const outside = [...boxes].filter(([, of]) => of === undefined).map(([label]) => `  ${box(label)}`);
  const lines = [...arrows].map(
    ([arrow, ports]) => `  ${arrow.replace('PORTS', [...ports].sort((a, b) => a - b).join(' '))}`,
  );
  return ['flowchart LR', ...inside, ...outside, ...lines].join('\n');
}
