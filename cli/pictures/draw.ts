import path from 'node:path';
import type { Ask } from '../../dashboards/preview/page/load.ts';
import type { DashboardModel } from '../../dashboards/preview/page/model.ts';
import { dashboardPicture } from '../../dashboards/preview/picture/dashboard-picture.ts';
import { type PngMaker, pngMaker } from '../../dashboards/preview/picture/png.ts';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import type { PictureRequest } from './options.ts';

export interface DrawnFile {
  readonly dashboard: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

export interface DrawnDashboard {
  readonly files: readonly DrawnFile[];
  /** Panels whose query failed, each with the reason: their pictures say it too. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** What all pictures of one run are drawn from. */
export interface Drawn {
  readonly ask: Ask;
  /** In words, for the pictures. */
  readonly source: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Draws the dashboards one after the other; each is written as soon as it is drawn. */
export async function* drawAll(
  dashboards: readonly DashboardModel[],
  request: PictureRequest,
  from: Drawn,
  signal: AbortSignal,
): AsyncGenerator<DrawnDashboard & { readonly uid: string }> {
  const png = request.formats.includes('png') ? await pngMaker() : undefined;
  try {
    for (const dashboard of dashboards) {
      signal.throwIfAborted();
      yield { uid: dashboard.uid, ...(await drawOne(dashboard, request, from, png)) };
    }
  } finally {
    png?.close();
  }
}

async function drawOne(
  dashboard: DashboardModel,
  { theme, width, height, out, formats }: PictureRequest,
  { ask, source, at }: Drawn,
  png: PngMaker | undefined,
): Promise<DrawnDashboard> {
  const start = performance.now();
  const { svg, failures } = await dashboardPicture(dashboard, ask, {
    ...{ theme, width, at, source },
    ...(height !== undefined && { height }),
  });
  const contents: readonly (readonly [format: string, content: string | Uint8Array])[] = [
    ...(formats.includes('svg') ? [['svg', svg] as const] : []),
    ...(png ? [['png', await png.png(svg)] as const] : []),
  ];
  const files = contents.map(([format, content]) => {
    const file = path.join(out, `${dashboard.uid}.${format}`);
    write(file, content);
    return { dashboard: dashboard.uid, path: file, bytes: Buffer.byteLength(content) };
  });
  return { files, failures, seconds: (performance.now() - start) / 1000 };
}

function write(file: string, content: string | Uint8Array): void {
  try {
    writeFileAtomically(file, content, readableByAll);
  } catch (cause) {
    throw new SightlineError('SL1620', {
      what: `the picture cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: file,
      fix: 'give a folder with --out that you may write to',
      cause,
    });
  }
}
