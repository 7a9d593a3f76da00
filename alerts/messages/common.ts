/** Labels that a message shows one by one. */
export const labelsShown = ['severity', 'service', 'environment', 'team'] as const;

/**
 * Title of a message, as `<prefix>.title`.
 * @param shown the template that shows a value, escaped as the kind of message needs it
 */
export const titleTemplate = (prefix: string, shown: (value: string) => string): string =>
  `{{ define "${prefix}.title" -}}
[{{ if eq .Status "resolved" }}RESOLVED{{ else }}{{ with .CommonLabels.severity }}${shown('. | toUpper')}{{ else }}ALERT{{ end }}{{ if gt (len .Alerts.Firing) 1 }} × {{ len .Alerts.Firing }}{{ end }}{{ end }}] ${shown('.CommonLabels.alertname')}{{ with .CommonLabels.service }} · ${shown('.')}{{ end }}{{ with .CommonLabels.environment }} (${shown('.')}){{ end }}
{{- end }}
`;

/** What every kind of message says, as plain text. A group holds alerts of one name, cluster and service. */
export const commonTemplates = String.raw`${titleTemplate('sightline', (value) => `{{ ${value} }}`)}
{{ define "sightline.summary" -}}
{{ with .Annotations.summary }}{{ . }}{{ else }}{{ .Labels.alertname }}{{ end }}
{{- end }}

{{ define "sightline.runbook" -}}{{ (index .Alerts 0).Annotations.runbook_url }}{{- end }}
{{ define "sightline.dashboard" -}}{{ (index .Alerts 0).Annotations.dashboard_url }}{{- end }}
{{ define "sightline.logs" -}}{{ (index .Alerts 0).Annotations.logs_url }}{{- end }}
{{ define "sightline.query" -}}{{ (index .Alerts 0).Annotations.saved_query_url }}{{- end }}

{{ define "sightline.link" -}}
{{ with (index .Alerts 0).Annotations.dashboard_url }}{{ . }}{{ else }}{{ with (index .Alerts 0).Annotations.runbook_url }}{{ . }}{{ else }}{{ $.ExternalURL }}{{ end }}{{ end }}
{{- end }}

{{/* Labels as the filter of Alertmanager's silence form, in a URL. Its page reads + as a plus, not as a space. */}}
{{ define "sightline.filter" -}}
%7B{{ range $index, $label := . }}{{ if $index }}%2C%20{{ end }}{{ $label.Name }}%3D%22{{ $label.Value | reReplaceAll "([\"\\\\])" "\\$1" | urlquery | reReplaceAll "\\+" "%20" }}%22{{ end }}%7D
{{- end }}

{{/* All that the alerts of the group have in common. */}}
{{ define "sightline.silence" -}}
{{ .ExternalURL }}/#/silences/new?filter={{ template "sightline.filter" .CommonLabels.SortedPairs }}
{{- end }}
`;
