import { Command } from 'commander';
import { buildDashboards } from '../../dashboards/index.ts';
import { settingsFrom } from '../../dashboards/preview/environment.ts';
import type { DashboardModel } from '../../dashboards/preview/page/model.ts';
import { askRecorded } from '../../dashboards/preview/recorded/ask.ts';
import { recordedAt } from '../../dashboards/preview/recorded/recorded-at.ts';
import { askDirectly } from '../../dashboards/preview/upstream.ts';
import { localHost } from '../../infra/local/files.ts';
import { localPorts } from '../../infra/local/ports.ts';
import { readStackStatus } from '../../infra/local/supervisor/control-client.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { nearestNames } from '../../telemetry/nearest.ts';
import { interruptible } from '../interruptible.ts';
import { type Drawn, type DrawnFile, drawAll } from '../pictures/draw.ts';
import {
  type DataSource,
  type PictureRequest,
  pictureRequest,
  type RawPictureOptions,
} from '../pictures/options.ts';
import {
  type RawStackOptions,
  resolveStackOptions,
  type StackOptions,
  stackCommand,
  withStackOptions,
} from '../stack-options.ts';

const examples = `
Examples:
  npm run preview                                        where the preview in the browser is
  npm run preview -- --out out/pictures                  every dashboard, as SVG and PNG
  npm run preview -- --out out/pictures --dashboard service-overview --dashboard slos
  npm run preview -- --out out/pictures --data recorded  the same bytes on every machine
  npm run preview -- --out out/wide --width 2560 --theme light --format png
  npm run preview -- --out out/screens --height 900      what is seen first
  npm run preview -- --out out/then --data live --at 2026-11-21T14:00Z

Live data is asked of the stack on this machine. Recorded data needs no stack: it is computed from what the contract and
the catalogue declare (docs/how-to/draw-dashboards.md), so that a picture changes only when its dashboard does.
Times in pictures are UTC.`;

type PreviewOptions = RawPictureOptions & RawStackOptions;

/** `preview`: pictures of dashboards, without a browser; without a folder for them, where the preview is. */
export function previewCommand(): Command {
  const collect = (uid: string, before: readonly string[] = []): readonly string[] => [...before, uid];
  return withStackOptions(new Command('preview'))
    .option('--out <dir>', 'folder to write pictures to; <uid>.svg and <uid>.png are replaced')
    .option('--dashboard <uid>', 'only this one; can be given again', collect)
    .option('--data <source>', 'live or recorded (default: live where the stack runs)')
    .option('--at <time>', 'moment that the pictures end with (default: now; recorded: its own)')
    .option('--theme <name>', 'dark or light', 'dark')
    .option('--width <pixels>', 'how wide the screen is', '1440')
    .option('--height <pixels>', 'cut off below the first screen (default: the whole dashboard)')
    .option('--format <names>', 'svg, png or both', 'svg,png')
    .option('--json', 'print what was written as JSON')
    .addHelpText('after', examples)
    .action((options: PreviewOptions) => {
      const { out } = options;
      if (out === undefined) return where(options);
      return interruptible((signal) => draw({ ...options, out }, signal));
    });
}

async function where(options: PreviewOptions): Promise<void> {
  const stack = resolveStackOptions(options);
  const url = `http://${localHost}:${localPorts(stack.portOffset).preview}`;
  const status = await readStackStatus(stack.stateDir);
  const running =
    status?.processes.some(({ name, state }) => name === 'preview' && state === 'running') ?? false;
  if (options.json) console.log(JSON.stringify({ running, url }, null, 2));
  else if (running) console.log(`The preview runs at ${url}`);
  else
    console.log(
      `The preview does not run. ${stackCommand('start', stack)} brings it up with the stack, at ${url}\n` +
        'Pictures need neither: npm run preview -- --out out/pictures',
    );
  process.exitCode = running ? 0 : 1;
}

async function draw(options: PreviewOptions & { readonly out: string }, signal: AbortSignal): Promise<void> {
  // Pictures are looked at elsewhere: ECharts and the axes take the process's zone.
  process.env.TZ = 'UTC';
  const request = pictureRequest(options, Date.now());
  const dashboards = wanted(request.dashboards);
  const stack = resolveStackOptions(options);
  const data = request.data ?? (await defaultData(stack));
  const from = data === 'recorded' ? recorded(request) : await live(request, stack);
  const say = (text: string): boolean => process.stderr.write(`${text}\n`);
  say(
    `Drawing ${count(dashboards.length, 'dashboard')} from ${from.source}, up to ${new Date(from.at).toISOString()}`,
  );
  const start = performance.now();
  const files: DrawnFile[] = [];
  const failures: string[] = [];
  for await (const drawn of drawAll(dashboards, request, from, signal)) {
    files.push(...drawn.files);
    failures.push(...drawn.failures.map((failure) => `${drawn.uid}: ${failure}`));
    say(`  ${drawn.uid.padEnd(24)} ${drawn.seconds.toFixed(1)} s`);
  }
  const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
  for (const failure of failures) say(`Failed: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
  if (options.json) {
    const at = new Date(from.at).toISOString();
    console.log(JSON.stringify({ out: request.out, data, at, files, failures, seconds }, null, 2));
  } else
    console.log(
      `${count(files.length, 'picture')} of ${count(dashboards.length, 'dashboard')} in ${request.out}, in ${seconds.toFixed(1)} s`,
    );
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

/** @throws SightlineError SL1613 for a uid that no dashboard has */
function wanted(uids: readonly string[]): readonly DashboardModel[] {
  const all = buildDashboards();
  const known = all.map(({ uid }): string => uid);
  for (const uid of uids) {
    if (known.includes(uid)) continue;
    const like = nearestNames(uid, known);
    const hint = like.length > 0 ? `did you mean ${like.join(' or ')}? ` : '';
    throw new SightlineError('SL1613', {
      what: `there is no dashboard ${JSON.stringify(uid)}`,
      where: '--dashboard',
      fix: `${hint}There are: ${known.join(', ')}`,
    });
  }
  return all
    .filter(({ uid }) => uids.length === 0 || uids.includes(uid))
    .map(({ json }) => JSON.parse(json) as DashboardModel);
}

async function defaultData({ stateDir }: StackOptions): Promise<DataSource> {
  return (await readStackStatus(stateDir)) === undefined ? 'recorded' : 'live';
}

const recorded = ({ at }: PictureRequest): Drawn => ({
  ask: askRecorded,
  source: 'recorded data',
  at: at ?? recordedAt,
});

/** @throws SightlineError SL1310 when no stack runs */
async function live({ at }: PictureRequest, stack: StackOptions): Promise<Drawn> {
  if ((await readStackStatus(stack.stateDir)) === undefined)
    throw new SightlineError('SL1310', {
      what: 'no stack is running, so there is no live data',
      where: stack.stateDir,
      fix: `start it: ${stackCommand('start', stack, '--detach')}; or draw with --data recorded`,
    });
  const ports = localPorts(stack.portOffset);
  const settings = settingsFrom({
    PROMETHEUS_URL: `http://${localHost}:${ports.prometheus}`,
    LOKI_URL: `http://${localHost}:${ports.loki}`,
  });
  return { ask: askDirectly(settings), source: 'live data', at: at ?? Date.now() };
}
