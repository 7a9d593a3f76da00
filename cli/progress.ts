import pc from 'picocolors';
import type { ToolProgress } from '../infra/local/toolchain/toolchain.ts';
import type { ToolName } from '../infra/versions.ts';

type Colors = ReturnType<typeof pc.createColors>;
type Step = ToolProgress['step'];

/** Where progress is written: process.stderr, or a test's stand-in. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressView {
  update(progress: ToolProgress): void;
  /** Draws the last state and stops; nothing may be updated afterwards. */
  finish(): void;
}

/** How often a step that only counts (bytes, packages) is said again where lines cannot be redrawn. */
const plainEveryMs = 10_000;
const redrawEveryMs = 1_000;
const nameWidth = 18;
const stepWidth = 12;

/** `0.4s`, `12s`, `3m07s`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  return `${Math.floor(seconds / 60)}m${String(Math.floor(seconds) % 60).padStart(2, '0')}s`;
}

/** One line: tool, step, detail, elapsed time; cut to `columns` characters when given. */
export function formatProgress(progress: ToolProgress, colors: Colors, columns?: number): string {
  const { tool, step, detail, elapsedMs } = progress;
  const time = formatElapsed(elapsedMs);
  const room =
    columns === undefined ? Number.POSITIVE_INFINITY : columns - nameWidth - stepWidth - time.length - 4;
  const flat = detail.replaceAll('\n', ' ');
  const shown = flat.length <= room ? flat : `${flat.slice(0, Math.max(0, room - 1))}…`;
  const paint = stepColor(step, colors);
  return `  ${tool.padEnd(nameWidth - 1)} ${paint(step.padEnd(stepWidth))}${shown} ${colors.dim(time)}`;
}

function stepColor(step: Step, colors: Colors): (text: string) => string {
  if (step === 'ready') return colors.green;
  if (step === 'failed') return colors.red;
  return step === 'waiting' ? colors.yellow : colors.cyan;
}

function isOver(step: Step): boolean {
  return step === 'ready' || step === 'failed';
}

/**
 * Shows the progress of the toolchain: on a terminal one line a tool, redrawn in place with the time running;
 * elsewhere a new line whenever a tool takes a step, and every ten seconds while one lasts.
 */
export function progressView(output: ProgressOutput): ProgressView {
  return output.isTTY === true ? terminalView(output) : plainView(output);
}

function terminalView(output: ProgressOutput): ProgressView {
  const colors = pc.createColors(pc.isColorSupported);
  const latest = new Map<ToolName, { progress: ToolProgress; at: number }>();
  // A terminal that does not know its width says 0.
  const columns = () => (output.columns === undefined || output.columns === 0 ? 80 : output.columns);
  let drawn = 0;
  const draw = (): void => {
    const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
    const lines = [...latest.values()].map(({ progress, at }) => {
      const running = isOver(progress.step) ? 0 : Date.now() - at;
      const now = { ...progress, elapsedMs: progress.elapsedMs + running };
      return `\u001b[2K${formatProgress(now, colors, columns())}\n`;
    });
    output.write(up + lines.join(''));
    drawn = lines.length;
  };
  const ticker = setInterval(draw, redrawEveryMs).unref();
  return {
    update(progress) {
      latest.set(progress.tool, { progress, at: Date.now() });
      draw();
    },
    finish() {
      clearInterval(ticker);
      draw();
    },
  };
}

function plainView(output: ProgressOutput): ProgressView {
  const colors = pc.createColors(false);
  const said = new Map<ToolName, { step: Step; at: number }>();
  return {
    update(progress) {
      const last = said.get(progress.tool);
      const counts = progress.step === 'building' || progress.step === 'downloading';
      if (counts && last?.step === progress.step && progress.elapsedMs - last.at < plainEveryMs) return;
      said.set(progress.tool, { step: progress.step, at: progress.elapsedMs });
      output.write(`${formatProgress(progress, colors)}\n`);
    },
    finish() {},
  };
}
