/** Ports of the stack itself, before any offset; services have theirs in services.ts. */
export const componentPorts = {
  logGateway: 8080,
  logIngestor: 8082,
  alertHistory: 8083,
  prometheus: 9090,
  alertmanager: 9093,
  loki: 3100,
  promtail: 9080,
  grafana: 3000,
  preview: 3001,
  inbox: 3002,
  jaeger: 16686,
  otlp: 4318,
  nodeExporter: 9100,
  blackboxExporter: 9115,
  kafka: 9092,
  trafficGenerator: 8005,
} as const;
