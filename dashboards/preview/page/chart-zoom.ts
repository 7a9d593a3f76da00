import { h } from './dom.ts';

/**
 * Lets a stretch of a chart be picked by dragging over it.
 * @param picked gets both ends in pixels from the left edge, in order
 */
export function listenForDrag(element: HTMLElement, picked: (left: number, right: number) => void): void {
  const shade = h('div', { class: 'zoom-shade' });
  let start: number | undefined;
  const offset = (event: PointerEvent): number => event.clientX - element.getBoundingClientRect().left;
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    start = offset(event);
    const gesture = new AbortController();
    const { signal } = gesture;
    addEventListener(
      'pointermove',
      (moved) => {
        if (start === undefined || Math.abs(offset(moved) - start) < 6) return;
        if (!shade.isConnected) element.append(shade);
        shade.style.left = `${Math.min(start, offset(moved))}px`;
        shade.style.width = `${Math.abs(offset(moved) - start)}px`;
      },
      { signal },
    );
    const end = (): void => {
      gesture.abort();
      shade.remove();
      start = undefined;
    };
    addEventListener(
      'pointerup',
      (released) => {
        const ends = shade.isConnected && start !== undefined ? [start, offset(released)] : [];
        end();
        const [a, b] = ends;
        if (a !== undefined && b !== undefined) picked(Math.min(a, b), Math.max(a, b));
      },
      { signal },
    );
    addEventListener('pointercancel', end, { signal });
  });
}
