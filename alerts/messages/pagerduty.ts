/** PagerDuty refuses an event without a summary or a source, so neither may ever be empty. */
export const pagerdutyTemplates = String.raw`{{ define "sightline.pagerduty.description" -}}
{{ with index .Alerts 0 }}{{ template "sightline.summary" . }}{{ end }}{{ if gt (len .Alerts) 1 }} (and {{ len (slice .Alerts 1) }} more){{ end }}
{{- end }}

{{/* PagerDuty knows critical, error, warning and info. */}}
{{ define "sightline.pagerduty.severity" -}}
{{ if or (eq .CommonLabels.severity "critical") (eq .CommonLabels.severity "warning") (eq .CommonLabels.severity "info") }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}
{{- end }}

{{ define "sightline.pagerduty.source" -}}
{{ with .CommonLabels.cluster }}{{ . }}{{ else }}{{ .ExternalURL }}{{ end }}
{{- end }}
`;
