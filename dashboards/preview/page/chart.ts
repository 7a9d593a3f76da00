import * as echarts from 'echarts';
import { h } from './dom.ts';
import { chartOption } from './draw.ts';
import type { Drawing } from './draw-parts.ts';
import { type LegendEntry, legendOf } from './draw-timeseries.ts';
import type { PanelData, Region } from './load.ts';
import type { PanelModel } from './model.ts';
import type { Theme } from './palette.ts';
import type { Range } from './time.ts';

export interface ChartEvents {
  readonly zoom: (range: Range) => void;
  /** Someone picked a series: its labels, and where the pointer was. */
  readonly pick: (entry: LegendEntry, at: { readonly x: number; readonly y: number }) => void;
}

/** A mounted ECharts instance that keeps its legend choice between refreshes. */
export class ChartView {
  readonly element = h('div', { class: 'chart' });
  readonly legend = h('div', { class: 'legend', role: 'group', 'aria-label': 'Series' });
  readonly #events: ChartEvents;
  #chart: echarts.ECharts | undefined;
  #shown: Set<string> | undefined;
  #drawing: (() => void) | undefined;

  constructor(events: ChartEvents) {
    this.#events = events;
    this.#listenForZoom();
  }

  draw(panel: PanelModel, data: PanelData, theme: Theme, regions: readonly Region[]): void {
    const render = (): void => {
      if (panel.type === 'timeseries') this.#drawLegend(panel, data, theme, regions);
      const { clientWidth: width, clientHeight: height } = this.element;
      if (width === 0 || height === 0) return;
      const drawing: Drawing = {
        ...{ panel, data, theme, regions, width, height, legend: false },
        ...(this.#shown && { shown: this.#shown }),
      };
      const option = chartOption(drawing);
      if (!option) return;
      this.#chart ??= echarts.init(this.element, null, { renderer: 'canvas' });
      this.#chart.resize({ width, height });
      this.#chart.setOption(option, { notMerge: true });
      this.#chart.off('click');
      this.#chart.on('click', (event) => {
        const entry = legendOf(drawing).find(({ name }) => name === event.seriesName);
        const pointer = event.event?.event;
        if (entry && pointer instanceof MouseEvent)
          this.#events.pick(entry, { x: pointer.clientX, y: pointer.clientY });
      });
    };
    this.#drawing = render;
    render();
  }

  resize(): void {
    this.#drawing?.();
  }

  dispose(): void {
    this.#chart?.dispose();
    this.#chart = undefined;
  }

  #drawLegend(panel: PanelModel, data: PanelData, theme: Theme, regions: readonly Region[]): void {
    if (panel.options?.legend?.showLegend === false) return;
    const entries = legendOf({ panel, data, theme, regions, width: 0, height: 0, legend: false });
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset.series : undefined;
    const hadFocus = this.legend.contains(document.activeElement);
    this.legend.replaceChildren(
      ...entries.map(({ name, color }) => {
        const on = !this.#shown || this.#shown.has(name);
        const dash = h('span', { class: 'dash' });
        dash.style.background = color;
        return h(
          'button',
          {
            type: 'button',
            class: on ? '' : 'off',
            'aria-pressed': String(on),
            'data-series': name,
            title: `${name}: click shows it alone, Ctrl-click adds or takes away`,
            onclick: (event) =>
              this.#toggle(name, entries, event instanceof MouseEvent && (event.ctrlKey || event.metaKey)),
          },
          dash,
          h('span', { class: 'name' }, name),
        );
      }),
    );
    if (!hadFocus || focused === undefined) return;
    for (const button of this.legend.querySelectorAll('button'))
      if (button.dataset.series === focused) button.focus();
  }

  #toggle(name: string, entries: readonly LegendEntry[], add: boolean): void {
    const all = new Set(entries.map((entry) => entry.name));
    const now = this.#shown ?? all;
    if (add) {
      const next = new Set(now);
      if (!next.delete(name)) next.add(name);
      this.#shown = next.size === 0 || next.size === all.size ? undefined : next;
    } else this.#shown = now.size === 1 && now.has(name) ? undefined : new Set([name]);
    this.resize();
  }

  #listenForZoom(): void {
    const shade = h('div', { class: 'zoom-shade' });
    let start: number | undefined;
    const left = (): number => this.element.getBoundingClientRect().left;
    this.element.addEventListener('pointerdown', (event) => {
      if (event.button === 0) start = event.clientX - left();
    });
    const move = (event: PointerEvent): void => {
      if (start === undefined) return;
      const end = event.clientX - left();
      if (Math.abs(end - start) < 6) return;
      if (!shade.isConnected) this.element.append(shade);
      shade.style.left = `${Math.min(start, end)}px`;
      shade.style.width = `${Math.abs(end - start)}px`;
    };
    const finish = (event: PointerEvent): void => {
      const begin = start;
      start = undefined;
      if (!shade.isConnected || begin === undefined) return;
      shade.remove();
      const ends = [begin, event.clientX - left()].map((x) =>
        Number(this.#chart?.convertFromPixel({ xAxisIndex: 0 }, x)),
      );
      const [from, to] = [Math.min(...ends), Math.max(...ends)];
      if (Number.isFinite(from) && to - from >= 1000)
        this.#events.zoom({ from: Math.round(from), to: Math.round(to) });
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', finish);
  }
}
