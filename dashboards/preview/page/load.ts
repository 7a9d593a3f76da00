import { answerOf, type Frame, type LogLine, toFrames, toLines } from './frames.ts';
import { interpolate, type Scope, type Values } from './interpolate.ts';
import type { AnnotationModel, DataSourceRef, PanelModel, TargetModel } from './model.ts';
import { aligned, type Range, stepSeconds } from './time.ts';

/** Asks a data source for JSON; the browser goes through the preview's proxy, the server asks directly. */
export type Ask = (
  source: 'prometheus' | 'loki',
  path: string,
  parameters: Readonly<Record<string, string>>,
) => Promise<unknown>;

interface Executed {
  readonly refId: string;
  readonly source: 'prometheus' | 'loki';
  /** With all variables filled in. */
  readonly expr: string;
  /** Seconds between two points. */
  readonly step: number;
  readonly body: unknown;
}

export interface PanelData {
  readonly frames: readonly Frame[];
  readonly lines: readonly LogLine[];
  readonly executed: readonly Executed[];
  readonly range: Range;
  readonly step: number;
}

export interface Situation {
  readonly values: Values;
  readonly range: Range;
  /** Pixels; at most one point is drawn on each. */
  readonly width: number;
}

/** Points of one series that the preview asks for at most; Prometheus itself refuses 11,000. */
const maxPoints = 1500;
const maxLines = 500;
/** A bar narrower than this many pixels is a line. */
const barPixels = 12;

/** Asks everything a panel shows. @throws whatever `ask` throws, with the first failure */
export async function loadPanel(panel: PanelModel, situation: Situation, ask: Ask): Promise<PanelData> {
  const isBars = panel.fieldConfig?.defaults.custom?.drawStyle === 'bars';
  const pixels = isBars ? situation.width / barPixels : situation.width / 2;
  const step = stepSeconds(situation.range, Math.min(maxPoints, pixels));
  const scope: Scope = { values: situation.values, range: situation.range, step };
  const executed = await Promise.all(
    (panel.targets ?? [])
      .filter((target) => (target.expr ?? '') !== '')
      .map((target) => execute(panel, target, scope, ask)),
  );
  const answers = executed.map(({ body, target }) => ({ answer: answerOf(body), target }));
  return {
    frames: answers.flatMap(({ answer, target }) => (answer ? toFrames(answer, target, step) : [])),
    lines: answers.flatMap(({ answer }) => (answer ? toLines(answer) : [])),
    executed,
    range: situation.range,
    step,
  };
}

const sourceOf = (reference: DataSourceRef | undefined): 'prometheus' | 'loki' =>
  reference?.type === 'loki' ? 'loki' : 'prometheus';

async function execute(
  panel: PanelModel,
  target: TargetModel,
  scope: Scope,
  ask: Ask,
): Promise<Executed & { readonly target: TargetModel }> {
  const source = sourceOf(target.datasource ?? panel.datasource);
  const expr = interpolate(target.expr ?? '', scope);
  const prefix = source === 'loki' ? '/loki/api/v1' : '/api/v1';
  const { from, to } = scope.range;
  const seconds = (ms: number): string => String(ms / 1000);
  const base = { refId: target.refId, source, expr, step: scope.step, target };
  if (target.instant)
    return { ...base, body: await ask(source, `${prefix}/query`, { query: expr, time: seconds(to) }) };
  if (source === 'loki') {
    // Loki wants nanoseconds; whole milliseconds and six zeros are exact where a number would not be.
    const [start, end] = [from, to].map((ms) => `${Math.round(ms)}000000`);
    const parameters = { query: expr, start: start ?? '', end: end ?? '', step: `${scope.step}s` };
    const limit = String(Math.min(target.maxLines ?? maxLines, maxLines));
    const body = await ask(source, `${prefix}/query_range`, { ...parameters, limit, direction: 'backward' });
    return { ...base, body };
  }
  const range = aligned(scope.range, scope.step);
  const parameters = {
    query: expr,
    start: seconds(range.from),
    end: seconds(range.to),
    step: String(scope.step),
  };
  return { ...base, body: await ask(source, `${prefix}/query_range`, parameters) };
}

/** Something that was true for a while, drawn over the panels. */
export interface Region {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly text: string;
  readonly color: string;
}

/** Annotations of a dashboard as regions: each unbroken run of a series is one. */
export async function loadRegions(
  annotations: readonly AnnotationModel[],
  { values, range }: Situation,
  ask: Ask,
): Promise<readonly Region[]> {
  const step = stepSeconds(range, 240);
  const regions = await Promise.all(
    annotations
      .filter(({ enable, expr }) => enable && expr)
      .map(async (annotation) => {
        const target: TargetModel = { refId: 'Anno', expr: annotation.expr ?? '' };
        const { body } = await execute({ id: 0, type: '' }, target, { values, range, step }, ask);
        const answer = answerOf(body);
        const frames = answer ? toFrames(answer, target, step) : [];
        return frames.flatMap((frame) => runsOf(frame, annotation, step));
      }),
  );
  return regions.flat();
}

function runsOf({ points, labels }: Frame, annotation: AnnotationModel, step: number): Region[] {
  const fill = (format: string | undefined): string =>
    (format ?? '').replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim();
  const runs: { from: number; to: number }[] = [];
  let open: { from: number; to: number } | undefined;
  for (const [time, value] of points) {
    if (value === null) {
      open = undefined;
      continue;
    }
    if (open) open.to = time;
    else {
      open = { from: time, to: time + step * 1000 };
      runs.push(open);
    }
  }
  return runs.map((run) => ({
    ...run,
    title: fill(annotation.titleFormat) || annotation.name,
    text: fill(annotation.textFormat),
    color: annotation.iconColor,
  }));
}
