import Table from 'cli-table3';

/** A table as text: ruled below its head only, and without colours, so that it can be piped anywhere. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  colWidths?: readonly number[],
): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    ...(colWidths ? { colWidths: [...colWidths], wordWrap: true } : {}),
  });
  table.push(...rows.map((row) => [...row]));
  // The library rules all rows or none; the rule below the head is the top one with other ends.
  const [top = '', title = '', ...body] = table.toString().split('\n');
  const rule = top.replace('┌', '├').replaceAll('┬', '┼').replace('┐', '┤');
  return [top, title, rule, ...body].join('\n');
}
