import { closeSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** What lies in SQLite's log. https://www.sqlite.org/fileformat2.html#walformat */
export interface WalFrames {
  /** Changes when the log begins anew. */
  readonly salt: string;
  readonly count: number;
  readonly pageSize: number;
}

const headerSize = 32;
const frameHeaderSize = 24;
const none: WalFrames = { salt: '', count: 0, pageSize: 4096 };

/** The frames since the log last began; what lies behind them is of before. */
export function framesOf(wal: string): WalFrames {
  const bytes = readFileSync(wal, { flag: 'a+' });
  if (bytes.length < headerSize) return none;
  const pageSize = bytes.readUInt32BE(8);
  const salt = bytes.toString('hex', 16, 24);
  let count = 0;
  for (
    let at = headerSize;
    at + frameHeaderSize + pageSize <= bytes.length;
    at += frameHeaderSize + pageSize
  ) {
    if (bytes.toString('hex', at + 8, at + 16) !== salt) break;
    count += 1;
  }
  return { salt, count, pageSize };
}

/** Ends the log in the middle of its last frame, as a write does that a power cut ends. */
export function cutLastFrame(wal: string, { count, pageSize }: WalFrames): void {
  const file = openSync(wal, 'r+');
  ftruncateSync(file, middleOf(count, pageSize));
  closeSync(file);
}

/** Changes one bit in the middle of the last frame. */
export function damageLastFrame(wal: string, { count, pageSize }: WalFrames): void {
  const file = openSync(wal, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, middleOf(count, pageSize));
  byte.writeUInt8(byte.readUInt8() ^ 1);
  writeSync(file, byte, 0, 1, middleOf(count, pageSize));
  closeSync(file);
}

const middleOf = (count: number, pageSize: number): number =>
  headerSize + count * (frameHeaderSize + pageSize) - Math.floor(pageSize / 2);
