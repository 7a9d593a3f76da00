export const code = (text: string): string => `\`${text}\``;

/** A table in Markdown; pipes in cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A generated page: its title, where it comes from, its parts. */
export function generatedPage(title: string, source: string, parts: readonly string[]): string {
  return `${[`# ${title}`, `Generated from ${source} by \`npm run docs\`; edits here are lost.`, ...parts].join('\n\n')}\n`;
}
