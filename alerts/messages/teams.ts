import { titleTemplate } from './common.ts';

/** Microsoft Teams shows a subset of Markdown, whose characters in what alerts say are escaped. */
export const teamsTemplates =
  String.raw`{{ define "sightline.msteams.safe" -}}
{{ $cut := printf "%.600s" . }}{{ $cut | reReplaceAll "([\\\\*_\\[\\]()<>#~|` +
  '`' +
  String.raw`])" "\\$1" }}{{ if ne $cut . }}…{{ end }}
{{- end }}

${titleTemplate('sightline.msteams', (value) => `{{ template "sightline.msteams.safe" (${value}) }}`)}
{{ define "sightline.msteams.url" -}}
{{ . | reReplaceAll "\\(" "%28" | reReplaceAll "\\)" "%29" | reReplaceAll "\\s" "%20" }}
{{- end }}

{{ define "sightline.msteams.text" -}}
{{ range $index, $alert := .Alerts }}{{ if lt $index 10 }}**{{ with .Annotations.summary }}{{ template "sightline.msteams.safe" . }}{{ else }}{{ template "sightline.msteams.safe" .Labels.alertname }}{{ end }}**{{ if eq .Status "resolved" }} (resolved){{ end }}

{{ with .Annotations.description }}{{ template "sightline.msteams.safe" . }}

{{ end }}Severity {{ template "sightline.msteams.safe" .Labels.severity }}, team {{ template "sightline.msteams.safe" .Labels.team }}

{{ with .Annotations.runbook_url }}[Runbook]({{ template "sightline.msteams.url" . }}) · {{ end }}{{ with .Annotations.dashboard_url }}[Dashboard]({{ template "sightline.msteams.url" . }}) · {{ end }}{{ with .Annotations.logs_url }}[Logs]({{ template "sightline.msteams.url" . }}) · {{ end }}[Silence]({{ $.ExternalURL }}/#/silences/new?filter={{ template "sightline.filter" .Labels.SortedPairs }})

{{ end }}{{ end }}{{ if gt (len .Alerts) 10 }}… {{ len .Alerts }} alerts in all.

{{ end }}{{ if eq .Status "firing" }}{{ with (index .Alerts 0).Annotations.saved_query_url }}[Saved query about it]({{ template "sightline.msteams.url" . }}){{ end }}{{ end }}
{{- end }}
`;
