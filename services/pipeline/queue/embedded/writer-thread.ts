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
  const timer = setInterval(() => {
    unlessFull(writer, () => writer.trim());
    look('state');
  }, lookEveryMs);
  port.on('message', (group: ToWriter) => {
    if (group.length === 0) {
      clearInterval(timer);
      writer.close();
      say({ kind: 'closed' });
      port.close();
      return;
    }
    const appended = unlessFull(writer, () => writer.append(group));
    say({ kind: appended ? 'appended' : 'refused' });
  });
  look('ready');
}

/** Whether it worked; any failure but a full disk ends the thread, since what the disk then holds is not known. */
function unlessFull(writer: BatchWriter, work: () => void): boolean {
  try {
    work();
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
