import * as echarts from 'echarts';
import { listenForDrag } from './chart-zoom.ts';
import { h } from './dom.ts';
import { chartOption } from './draw.ts';
import { exemplarSeries } from './draw-exemplars.ts';
import type { ChartContent, Drawing } from './draw-parts.ts';
import { type Drawable, drawSoon } from './draw-queue.ts';
import { type LegendEntry, legendOf } from './draw-timeseries.ts';
import type { Exemplar } from './exemplars.ts';
import { Legend } from './legend.ts';
import { summaryOf } from './summary.ts';
import type { Range } from './time.ts';

interface Pointer {
  readonly x: number;
  readonly y: number;
}

export interface ChartEvents {
  readonly zoom: (range: Range) => void;
  /** Someone picked a series, at a point of it where that is known. */
  readonly pick: (entry: LegendEntry, at: Pointer, point: { time?: number; value?: number }) => void;
  readonly pickExemplar: (exemplar: Exemplar, at: Pointer) => void;
}

/** Panels whose horizontal axis is time, and which can so be zoomed into. */
const overTime = new Set(['timeseries', 'heatmap', 'state-timeline']);

/** A mounted ECharts instance that keeps its legend choice between refreshes. */
export class ChartView {
  readonly element = h('div', { class: 'chart', role: 'img' });
  readonly #legend = new Legend(() => this.resize());
  readonly #events: ChartEvents;
  readonly #drawable: Drawable = {
    size: () => ({ width: this.element.clientWidth, height: this.element.clientHeight }),
    paint: ({ width, height }) => this.#paint(width, height),
  };
  #chart: echarts.ECharts | undefined;
  #content: ChartContent | undefined;

  constructor(events: ChartEvents) {
    this.#events = events;
    listenForDrag(this.element, (...ends) => this.#zoom(ends));
  }

  get legend(): HTMLElement {
    return this.#legend.element;
  }

  draw(content: ChartContent): void {
    this.#content = content;
    this.element.setAttribute('aria-label', summaryOf(content.panel, content.data, content.regions));
    this.#render();
  }

  resize(): void {
    if (this.#content) this.#render();
  }

  dispose(): void {
    this.#content = undefined;
    this.#chart?.dispose();
    this.#chart = undefined;
  }

  #render(): void {
    const content = this.#content;
    if (content?.panel.type === 'timeseries') this.#legend.show(content);
    drawSoon(this.#drawable);
  }

  #paint(width: number, height: number): void {
    const content = this.#content;
    if (!content || width === 0 || height === 0) return;
    const shown = this.#legend.shown;
    const drawing: Drawing = { ...content, width, height, legend: false, ...(shown && { shown }) };
    const option = chartOption(drawing);
    if (!option) return;
    this.#chart ??= echarts.init(this.element, null, { renderer: 'canvas', width, height });
    if (this.#chart.getWidth() !== width || this.#chart.getHeight() !== height)
      this.#chart.resize({ width, height });
    this.#chart.setOption(option, { notMerge: true });
    this.#chart.off('click');
    this.#chart.on('click', (event) => this.#clicked(event, drawing));
  }

  #clicked(event: echarts.ECElementEvent, drawing: Drawing): void {
    const pointer = event.event?.event;
    if (!(pointer instanceof MouseEvent)) return;
    const at = { x: pointer.clientX, y: pointer.clientY };
    if (event.seriesName === exemplarSeries) {
      const exemplar = drawing.exemplars?.[event.dataIndex];
      if (exemplar) this.#events.pickExemplar(exemplar, at);
      return;
    }
    const entry = legendOf(drawing).find(({ name }) => name === event.seriesName);
    if (entry) this.#events.pick(entry, at, this.#pointAt(entry, pointer, drawing));
  }

  /** The point of the series that is nearest to where the pointer is. */
  #pointAt({ name }: LegendEntry, { clientX }: MouseEvent, { data }: Drawing) {
    const wanted = this.#timeAt(clientX - this.element.getBoundingClientRect().left);
    const points = data.frames.find((frame) => frame.name === name)?.points ?? [];
    const [nearest] = points
      .flatMap(([time, value]) => (value === null ? [] : [{ time, value }]))
      .sort((a, b) => Math.abs(a.time - wanted) - Math.abs(b.time - wanted));
    return nearest ?? {};
  }

  #timeAt(x: number): number {
    return Number(this.#chart?.convertFromPixel({ xAxisIndex: 0 }, x));
  }

  #zoom(ends: readonly number[]): void {
    if (!overTime.has(this.#content?.panel.type ?? '')) return;
    const [from = Number.NaN, to = Number.NaN] = ends.map((x) => Math.round(this.#timeAt(x)));
    if (to - from >= 1000) this.#events.zoom({ from, to });
  }
}
