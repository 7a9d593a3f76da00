import type { LabelValue } from '../../telemetry/contract/labels.ts';
import type { LogField } from '../../telemetry/contract/logs.ts';
import { field, type LogqlQuery, logql } from '../../telemetry/query/query.ts';
import type { Duration } from '../../telemetry/query/scale-time.ts';
import { identity } from './common.ts';

const text = (value: string): LogqlQuery => ({ language: 'logql', parts: [{ kind: 'text', text: value }] });

/** In back quotes nothing is escaped, so an expression reads as it was written. */
const expression = (parts: readonly string[]): LogqlQuery => text(`\`${parts.join('|')}\``);

const grouping = (...labels: readonly string[]): LogqlQuery => text([...identity, ...labels].join(', '));

/** Whose lines, for a query that groups by itself. */
export const byIdentity = grouping();

/** How many lines there were in the window, by service and the labels given. */
export const linesOf = (lines: LogqlQuery, window: Duration, ...labels: readonly string[]): LogqlQuery =>
  logql`sum by (${grouping(...labels)}) (count_over_time(${lines} [${text(window)}]))`;

/** Only lines that one of the expressions is found in. */
export const saying = (patterns: readonly string[]): LogqlQuery => logql`|~ ${expression(patterns)}`;

/** Only lines in whose field, taken out by `| json`, one of the texts is found, in any case. */
export const fieldSaying = (name: LogField, texts: readonly string[]): LogqlQuery =>
  logql`| ${field(name)} =~ ${expression([`(?i).*(${texts.join('|')}).*`])}`;

/** Only lines whose field, taken out by `| json`, has one of the values that the contract allows in it. */
export const fieldIs = <F extends LogField>(name: F, ...values: readonly LabelValue<F>[]): LogqlQuery =>
  logql`| ${field(name)} ${values.length === 1 ? text('=') : text('=~')} ${expression(values)}`;
