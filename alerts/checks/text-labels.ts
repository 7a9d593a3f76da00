import { renderQuery } from '../../telemetry/query/query.ts';
import { alertCheck } from './support/check.ts';

export const textLabels = alertCheck('text-labels', 'SL1503', ({ alert }) => {
  const texts = [alert.summary, alert.description, alert.logs ? renderQuery(alert.logs) : ''].join(' ');
  const named = [...texts.matchAll(/\$labels\.(\w+)/g)].map((match) => match[1] ?? '');
  return [...new Set(named)]
    .filter((label) => !alert.by.includes(label))
    .map((label) => ({
      what: `a text names {{ $labels.${label} }}, which the alert does not carry`,
      fix: 'add the label to `by`, or reword the text',
    }));
});
