/**
 * Go templates for Alertmanager: what Slack and PagerDuty show. A group holds alerts of one name, cluster and
 * service; at most ten are listed, for Slack cuts long messages.
 */
export const messageTemplates = `{{ define "sightline.color" -}}
{{ if eq .Status "resolved" }}#2e7d32{{ else if eq .CommonLabels.severity "critical" }}#d32f2f{{ else if eq .CommonLabels.severity "warning" }}#f9a825{{ else }}#1976d2{{ end }}
{{- end }}

{{ define "sightline.subject" -}}
{{ .CommonLabels.alertname }}{{ with .CommonLabels.service }} · {{ . }}{{ end }}{{ with .CommonLabels.environment }} ({{ . }}){{ end }}
{{- end }}

{{ define "sightline.slack.title" -}}
[{{ if eq .Status "resolved" }}RESOLVED{{ else }}{{ .CommonLabels.severity | toUpper }}{{ if gt (len .Alerts.Firing) 1 }} × {{ len .Alerts.Firing }}{{ end }}{{ end }}] {{ template "sightline.subject" . }}
{{- end }}

{{ define "sightline.slack.text" -}}
{{ range $index, $alert := .Alerts }}{{ if lt $index 10 }}{{ if eq .Status "resolved" }}:white_check_mark:{{ else }}:rotating_light:{{ end }} *{{ .Annotations.summary }}*
{{ .Annotations.description }}
{{ with .Annotations.runbook_url }}<{{ . }}|Runbook>{{ end }}{{ with .Annotations.dashboard_url }} · <{{ . }}|Dashboard>{{ end }}{{ with .Annotations.logs_url }} · <{{ . }}|Logs>{{ end }}
{{ end }}{{ end }}{{ if gt (len .Alerts) 10 }}… {{ len .Alerts }} alerts in all.{{ end }}
{{- end }}

{{ define "sightline.slack.fallback" -}}
{{ template "sightline.slack.title" . }}: {{ (index .Alerts 0).Annotations.summary }}
{{- end }}

{{ define "sightline.pagerduty.description" -}}
{{ (index .Alerts 0).Annotations.summary }}{{ if gt (len .Alerts) 1 }} (and {{ len (slice .Alerts 1) }} more){{ end }}
{{- end }}

{{ define "sightline.pagerduty.severity" -}}
{{ if or (eq .CommonLabels.severity "critical") (eq .CommonLabels.severity "warning") (eq .CommonLabels.severity "info") }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}
{{- end }}

{{ define "sightline.runbook" -}}{{ (index .Alerts 0).Annotations.runbook_url }}{{- end }}
{{ define "sightline.dashboard" -}}{{ (index .Alerts 0).Annotations.dashboard_url }}{{- end }}
{{ define "sightline.logs" -}}{{ (index .Alerts 0).Annotations.logs_url }}{{- end }}
`;
