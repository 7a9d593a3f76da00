import { stringify } from 'yaml';
import { isSimpleYaml, writeSimpleYaml } from './simple-yaml.ts';

/**
 * One way of writing YAML for every file: no folded lines, no aliases that a reader must resolve. The library takes
 * longer to write the rules than everything before takes to make them, so what is simple is written without it.
 */
export function toYaml(data: unknown): string {
  return isSimpleYaml(data) ? `${writeSimpleYaml(data)}\n` : toAnyYaml(data);
}

/** The same by the library, whatever is in the data. */
export const toAnyYaml = (data: unknown): string =>
  stringify(data, { lineWidth: 0, aliasDuplicateObjects: false });
