/** Mail, as text and as HTML. What is filled into HTML is escaped by Alertmanager for the place where it stands. */
export const emailTemplates = String.raw`{{ define "sightline.text" -}}
{{ template "sightline.title" . }}
{{ range $index, $alert := .Alerts }}{{ if lt $index 20 }}
{{ template "sightline.summary" . }}{{ if eq .Status "resolved" }} (resolved){{ end }}
{{ with .Annotations.description }}{{ . }}
{{ end }}Severity: {{ .Labels.severity }}  Team: {{ .Labels.team }}
{{ with .Annotations.runbook_url }}Runbook: {{ . }}
{{ end }}{{ with .Annotations.dashboard_url }}Dashboard: {{ . }}
{{ end }}{{ with .Annotations.logs_url }}Logs: {{ . }}
{{ end }}Silence: {{ $.ExternalURL }}/#/silences/new?filter={{ template "sightline.filter" .Labels.SortedPairs }}
{{ end }}{{ end }}{{ if gt (len .Alerts) 20 }}
… {{ len .Alerts }} alerts in all.{{ end }}{{ if eq .Status "firing" }}{{ with (index .Alerts 0).Annotations.saved_query_url }}
Saved query about it: {{ . }}{{ end }}{{ end }}
{{- end }}

{{ define "sightline.email.html" -}}
<!DOCTYPE html>
<html><body style="font-family: sans-serif; line-height: 1.4">
<h2>{{ template "sightline.title" . }}</h2>
{{ range $index, $alert := .Alerts }}{{ if lt $index 20 }}
<h3>{{ template "sightline.summary" . }}{{ if eq .Status "resolved" }} (resolved){{ end }}</h3>
<p>{{ .Annotations.description }}</p>
<p>Severity: {{ .Labels.severity }}<br>Service: {{ .Labels.service }}<br>Environment: {{ .Labels.environment }}<br>Team: {{ .Labels.team }}</p>
<p>{{ with .Annotations.runbook_url }}<a href="{{ . }}">Runbook</a> · {{ end }}{{ with .Annotations.dashboard_url }}<a href="{{ . }}">Dashboard</a> · {{ end }}{{ with .Annotations.logs_url }}<a href="{{ . }}">Logs</a> · {{ end }}<a href="{{ $.ExternalURL }}/#/silences/new?filter=%7B{{ range $index, $label := .Labels.SortedPairs }}{{ if $index }}%2C%20{{ end }}{{ $label.Name }}%3D%22{{ $label.Value | reReplaceAll "([\"\\\\])" "\\$1" }}%22{{ end }}%7D">Silence</a></p>
{{ end }}{{ end }}{{ if gt (len .Alerts) 20 }}<p>… {{ len .Alerts }} alerts in all.</p>{{ end }}{{ if eq .Status "firing" }}{{ with (index .Alerts 0).Annotations.saved_query_url }}<p><a href="{{ . }}">Saved query about it</a></p>{{ end }}{{ end }}
</body></html>
{{- end }}
`;
