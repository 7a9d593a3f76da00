/** Grafana's grid is 24 columns wide. */
export const gridColumns = 24;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Places panels from left to right, wrapping after 24 columns. The last panel of a line is stretched to its
 * end and every panel of a line gets the height of the tallest, so that neither gaps nor steps are left.
 * @param top first free row of the grid
 */
export function layOut(sizes: readonly Size[], top: number): readonly Box[] {
  const lines: Size[][] = [];
  let used = gridColumns;
  for (const size of sizes) {
    const width = Math.min(Math.max(1, Math.round(size.width)), gridColumns);
    if (used + width > gridColumns) {
      lines.push([]);
      used = 0;
    }
    used += width;
    lines.at(-1)?.push({ width, height: Math.max(1, Math.round(size.height)) });
  }
  let y = top;
  return lines.flatMap((line) => {
    const h = Math.max(...line.map(({ height }) => height));
    let x = 0;
    const boxes = line.map(({ width }, index) => {
      const w = index === line.length - 1 ? gridColumns - x : width;
      const box = { x, y, w, h };
      x += w;
      return box;
    });
    y += h;
    return boxes;
  });
}

/** First row of the grid below all the boxes. */
export const bottomOf = (boxes: readonly Box[], top: number): number =>
  boxes.reduce((lowest, { y, h }) => Math.max(lowest, y + h), top);

export interface LayoutFault {
  readonly kind: 'outside' | 'overlap' | 'gap';
  /** Indexes into the boxes; empty for a gap. */
  readonly boxes: readonly number[];
  readonly x: number;
  readonly y: number;
}

/** Cells that two boxes claim, that no box fills though one lies below or beside, or that lie off the grid. */
export function layoutFaults(boxes: readonly Box[]): readonly LayoutFault[] {
  const faults: LayoutFault[] = [];
  const owner = new Map<string, number>();
  const seen = new Set<string>();
  boxes.forEach(({ x, y, w, h }, index) => {
    if (x < 0 || y < 0 || w < 1 || h < 1 || x + w > gridColumns)
      faults.push({ kind: 'outside', boxes: [index], x, y });
    for (let row = y; row < y + h; row += 1)
      for (let column = x; column < x + w; column += 1) {
        const other = owner.get(`${column},${row}`);
        owner.set(`${column},${row}`, index);
        if (other === undefined || seen.has(`${other}/${index}`)) continue;
        seen.add(`${other}/${index}`);
        faults.push({ kind: 'overlap', boxes: [other, index], x: column, y: row });
      }
  });
  const bottom = bottomOf(boxes, 0);
  for (let row = 0; row < bottom; row += 1)
    for (let column = 0; column < gridColumns; column += 1)
      if (!owner.has(`${column},${row}`)) {
        faults.push({ kind: 'gap', boxes: [], x: column, y: row });
        break;
      }
  return faults;
}
