import { stringify } from 'yaml';

/** One way of writing YAML for every file: no folded lines, no aliases that a reader must resolve. */
export function toYaml(data: unknown): string {
  return stringify(data, { lineWidth: 0, aliasDuplicateObjects: false });
}
