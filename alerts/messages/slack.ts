import { labelsShown, titleTemplate } from './common.ts';

const safe = (value: string): string => `{{ template "sightline.slack.safe" (${value}) }}`;

const labelTemplate = (label: string): string =>
  `{{ define "sightline.slack.${label}" -}}{{ with .CommonLabels.${label} }}${safe('.')}{{ else }}–{{ end }}{{- end }}\n`;

/**
 * Slack's markup. What alerts say is escaped, or a label could mention a whole channel; and cut, for Slack cuts long
 * messages anywhere.
 */
export const slackTemplates = String.raw`{{ define "sightline.color" -}}
{{ if eq .Status "resolved" }}#2e7d32{{ else if eq .CommonLabels.severity "critical" }}#d32f2f{{ else if eq .CommonLabels.severity "warning" }}#f9a825{{ else }}#1976d2{{ end }}
{{- end }}

{{ define "sightline.slack.safe" -}}
{{ $cut := printf "%.600s" . }}{{ $cut | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;" }}{{ if ne $cut . }}…{{ end }}
{{- end }}

{{/* An address may hold no character that ends the link. */}}
{{ define "sightline.slack.url" -}}
{{ . | reReplaceAll "<" "%3C" | reReplaceAll ">" "%3E" | reReplaceAll "\\|" "%7C" | reReplaceAll "\\s" "%20" }}
{{- end }}

${titleTemplate('sightline.slack', safe)}
{{ define "sightline.slack.alert" -}}
*{{ with .Annotations.summary }}{{ template "sightline.slack.safe" . }}{{ else }}{{ template "sightline.slack.safe" .Labels.alertname }}{{ end }}*
{{ with .Annotations.description }}{{ template "sightline.slack.safe" . }}
{{ end }}{{ with .Annotations.runbook_url }}<{{ template "sightline.slack.url" . }}|Runbook> · {{ end }}{{ with .Annotations.dashboard_url }}<{{ template "sightline.slack.url" . }}|Dashboard> · {{ end }}{{ with .Annotations.logs_url }}<{{ template "sightline.slack.url" . }}|Logs> · {{ end }}
{{- end }}

{{ define "sightline.slack.text" -}}
{{ range $index, $alert := .Alerts.Firing }}{{ if lt $index 10 }}:rotating_light: {{ template "sightline.slack.alert" . }}<{{ $.ExternalURL }}/#/silences/new?filter={{ template "sightline.filter" .Labels.SortedPairs }}|Silence>
{{ end }}{{ end }}{{ if gt (len .Alerts.Firing) 10 }}… {{ len .Alerts.Firing }} alerts in all.
{{ end }}{{ range $index, $alert := .Alerts.Resolved }}{{ if lt $index 5 }}:white_check_mark: {{ template "sightline.slack.alert" . }}resolved
{{ end }}{{ end }}{{ if gt (len .Alerts.Resolved) 5 }}… {{ len .Alerts.Resolved }} resolved in all.
{{ end }}{{ if eq .Status "firing" }}{{ with (index .Alerts 0).Annotations.saved_query_url }}<{{ template "sightline.slack.url" . }}|Saved query about it>
{{ end }}{{ end }}
{{- end }}

{{ define "sightline.slack.fallback" -}}
{{ template "sightline.slack.title" . }}: {{ template "sightline.slack.safe" (index .Alerts 0).Annotations.summary }}
{{- end }}

${labelsShown.map(labelTemplate).join('')}{{ define "sightline.slack.footer" -}}{{ with .CommonLabels.cluster }}{{ template "sightline.slack.safe" . }} · {{ end }}{{ .ExternalURL }}{{- end }}
`;
