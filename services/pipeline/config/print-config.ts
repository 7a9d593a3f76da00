import { stringify } from 'yaml';
import type { PipelineConfig } from './schema.ts';
import { settings } from './variables.ts';

const mask = '***';

/** The whole configuration as YAML, with secrets masked. */
export function printedConfig(config: PipelineConfig): string {
  const shown: Record<string, Record<string, unknown>> = {};
  for (const { path, secret } of settings) {
    const [section = '', key = ''] = path;
    const value = Object.entries(config).find(([name]) => name === section)?.[1];
    const setting: unknown = Object.entries(value ?? {}).find(([name]) => name === key)?.[1];
    if (setting === undefined) continue;
    shown[section] = { ...shown[section], [key]: secret ? masked(setting) : setting };
  }
  return stringify(shown);
}

/** Of an address the host stays, which is what one looks for. */
function masked(value: unknown): string {
  if (typeof value !== 'string' || !URL.canParse(value)) return mask;
  const url = new URL(value);
  const access = url.username === '' && url.password === '' ? '' : `${mask}@`;
  return `${url.protocol}//${access}${url.host}${url.pathname}`;
}
