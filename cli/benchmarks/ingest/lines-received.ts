/** Lines that Loki took of a tenant since it started. */
export async function linesReceived(lokiUrl: string, tenant: string): Promise<number> {
  const response = await fetch(`${lokiUrl}/metrics`, { signal: AbortSignal.timeout(5000) });
  const lines = (await response.text()).split('\n');
  return lines
    .filter(
      (line) =>
        line.startsWith('loki_distributor_lines_received_total{') && line.includes(`tenant="${tenant}"`),
    )
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
