/** PagerDuty refuses an event without a summary or a source, so neither may ever be empty. */
export const pagerdutyTemplates = String.raw`{{ define "sightline.pagerduty.description" -}}
{{ with index .Alerts 0 }}{{ template "sightline.summary" . }}{{ end }}{{ if gt (len .Alerts) 1 }} (and {{ len (slice .Alerts 1) }} more){{ end }}
{{- end }}

{{/* PagerDuty knows critical, error, warning and info. */}}
{{ define "sightline.pagerduty.severity" -}}
{{ if or (eq .CommonLabels.severity "critical") (eq .CommonLabels.severity "warning") (eq .CommonLabels.severity "info") }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}
{{- end }}

{{/*
Alertmanager reads a detail as YAML, and what that makes a list or an object it takes for templates once more: a text
like "disk: {{ x }}" would keep the page from being sent. No YAML begins with a tab, so what does stays a text.
*/}}
{{ define "sightline.pagerduty.text" -}}{{ "\t" }}{{ . }}{{- end }}

{{ define "sightline.pagerduty.alerts" -}}
{{ range $index, $alert := .Alerts.Firing }}{{ if lt $index 20 }}{{ "\t" }}{{ template "sightline.summary" . }}
{{ end }}{{ end }}{{ if gt (len .Alerts.Firing) 20 }}{{ "\t" }}… {{ len .Alerts.Firing }} in all{{ end }}
{{- end }}

{{ define "sightline.pagerduty.source" -}}
{{ with .CommonLabels.cluster }}{{ . }}{{ else }}{{ .ExternalURL }}{{ end }}
{{- end }}
`;
