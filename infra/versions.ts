/** The tools that Sightline runs or calls, by the name of their binary. */
export const toolNames = [
  'prometheus',
  'promtool',
  'alertmanager',
  'amtool',
  'loki',
  'promtail',
  'logcli',
  'loki-canary',
  'node_exporter',
  'grafana',
  'blackbox_exporter',
  'jaeger',
] as const;

export type ToolName = (typeof toolNames)[number];
