import { expect, it } from 'vitest';
import { alertsFrom, reasonOf, silenceUrl, spanText } from './alerts.ts';
import { labelTable } from './label-counts.ts';

const answered = (fingerprint: string, severity: string, status: object = {}) => ({
  ...{ fingerprint, status, annotations: {}, startsAt: '2026-11-21T12:00:00Z' },
  labels: { alertname: 'Errors', severity, topic: 'a"b\\c' },
});

it('alerts come by urgency, with why they notify nobody', () => {
  const alerts = alertsFrom([
    answered('i', 'info', { mutedBy: ['nights'] }),
    answered('w', 'warning', { inhibitedBy: ['c'] }),
    answered('c', 'critical'),
    answered('s', 'warning', { silencedBy: ['gone'], inhibitedBy: ['c'] }),
  ]);
  expect(alerts.map(({ fingerprint, state }) => [fingerprint, state])).toEqual([
    ['c', 'firing'],
    ['w', 'inhibited'],
    ['s', 'silenced'],
    ['i', 'muted'],
  ]);
  expect(alerts.map((alert) => reasonOf(alert, alerts, []))).toEqual([
    undefined,
    'Inhibited by Errors (critical)',
    'Silenced gone',
    'Muted by the time window nights',
  ]);
  expect(alertsFrom({ error: 'no list' })).toEqual([]);
});

it('the form that silences an alert gets its labels, quoted', () => {
  const [alert] = alertsFrom([answered('c', 'critical')]);
  const url = alert && silenceUrl('http://alertmanager.test', alert);
  expect(url).not.toContain('+');
  expect(decodeURIComponent(url ?? '')).toBe(
    'http://alertmanager.test/#/silences/new?filter={alertname="Errors", severity="critical", topic="a\\"b\\\\c"}',
  );
});

it.each([
  [9000, '9 s'],
  [180_000, '3 min'],
  [7_500_000, '2 h 5 min'],
  [349_200_000, '4 d 1 h'],
  [-5, '0 s'],
])('%i ms are %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

it('labels of lines and series are counted, the most frequent value first', () => {
  const line = (level: string) => ({
    nanoseconds: '1',
    line: '',
    labels: { level },
    metadata: { trace_id: 't' },
  });
  const { rows } = labelTable({ frames: [], lines: [line('INFO'), line('ERROR'), line('ERROR')] });
  expect(rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['level', 'ERROR', '2'],
    ['level', 'INFO', '1'],
    ['trace_id', 't', '3'],
  ]);
});
