/** Something that is drawn at the size it has. */
export interface Drawable {
  /** Pixels; read for all before any draws, since a change in between would lay out the whole page again. */
  readonly size: () => { readonly width: number; readonly height: number };
  readonly paint: (size: { readonly width: number; readonly height: number }) => void;
}

let waiting = new Set<Drawable>();
let listeners: (() => void)[] = [];

/** Draws with all else that is due in the next frame. */
export function drawSoon(drawable: Drawable): void {
  if (waiting.size === 0) requestAnimationFrame(drawAll);
  waiting.add(drawable);
}

/** When nothing waits to be drawn. */
export const drawn = (): Promise<void> =>
  waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => listeners.push(resolve));

function drawAll(): void {
  const start = performance.now();
  const due = [...waiting].map((drawable) => ({ drawable, size: drawable.size() }));
  const told = listeners;
  waiting = new Set();
  listeners = [];
  for (const { drawable, size } of due) drawable.paint(size);
  performance.measure('charts drawn', { start, detail: due.length });
  for (const tell of told) tell();
}
