import { parentPort, workerData } from 'node:worker_threads';
import { BatchWriter } from './batch-writer.ts';
import type { FromWriter, ToWriter, WriterOptions } from './writer-messages.ts';

/** Milliseconds between looks at the consumer's cursor and at the disk. */
const lookEveryMs = 200;
/** SQLite's primary result codes. */
const sqliteFull = 13;
const sqliteIoError = 10;
/** With less left than this, an error of the disk means that it is full: the index of the log cannot grow either. */
const nothingLeft = 1024 * 1024;

if (parentPort !== null) serve(parentPort, new BatchWriter(workerData as WriterOptions));

function serve(port: NonNullable<typeof parentPort>, writer: BatchWriter): void {
  const say = (message: FromWriter): void => port.postMessage(message);
  const look = (kind: 'ready' | 'state'): void => {
    say({ kind, totals: writer.totals(), diskLeft: writer.diskLeft() });
  };
  let trouble = '';
  let timer = setTimeout(tick, lookEveryMs);
  /** One slice at a time, so that no append waits for a long trim. */
  function tick(): void {
    let isMore = false;
    const trim = (): void => {
      isMore = writer.trim();
    };
    const troubles = [trim, () => look('state')].flatMap(troubleOf);
    const found = [...new Set(troubles)].join('; ');
    if (found !== '' && found !== trouble) say({ kind: 'trouble', reason: found });
    trouble = found;
    timer = setTimeout(tick, isMore ? 0 : lookEveryMs);
  }
  port.on('message', (group: ToWriter) => {
    if (group.length === 0) {
      clearTimeout(timer);
      writer.close();
      say({ kind: 'closed' });
      port.close();
      return;
    }
    say({ kind: appendUnlessFull(writer, group) ? 'appended' : 'refused' });
  });
  look('ready');
}

/** What is wrong when it fails. */
function troubleOf(work: () => void): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Whether it worked; any failure but a full disk ends the thread, since what the disk then holds is not known. */
function appendUnlessFull(writer: BatchWriter, group: ToWriter): boolean {
  try {
    writer.append(group);
    return true;
  } catch (error) {
    if (isFull(error, writer)) return false;
    throw error;
  }
}

function isFull(error: unknown, writer: BatchWriter): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === sqliteFull || (code === sqliteIoError && writer.diskLeft() < nothingLeft);
}
