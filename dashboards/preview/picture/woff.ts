import { inflateSync } from 'node:zlib';

const headerBytes = 44;
const entryBytes = 20;

export interface FontTable {
  readonly tag: string;
  readonly checksum: number;
  readonly data: Buffer;
}

interface FontFile {
  /** The kind of outlines, as the first four bytes of an OpenType file say it. */
  readonly flavor: number;
  readonly tables: readonly FontTable[];
}

/** Unpacks a WOFF file (https://www.w3.org/TR/WOFF/): an OpenType font, each table compressed by itself. */
export function readWoff(file: Buffer): FontFile {
  if (file.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF file');
  const count = file.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index): FontTable => {
    const entry = headerBytes + index * entryBytes;
    const [offset, packed, length, checksum] = [4, 8, 12, 16].map((at) => file.readUInt32BE(entry + at));
    const raw = file.subarray(offset, (offset ?? 0) + (packed ?? 0));
    const data = packed === length ? raw : inflateSync(raw, { maxOutputLength: length });
    return { tag: file.toString('latin1', entry, entry + 4), checksum: checksum ?? 0, data };
  });
  return { flavor: file.readUInt32BE(4), tables };
}

const sfntHeaderBytes = 12;
const sfntEntryBytes = 16;

/** The same font as an OpenType file, which programs read that know no WOFF. */
export function toOpenType({ flavor, tables }: FontFile): Buffer {
  const header = Buffer.alloc(sfntHeaderBytes + sfntEntryBytes * tables.length);
  const power = Math.floor(Math.log2(tables.length));
  header.writeUInt32BE(flavor, 0);
  header.writeUInt16BE(tables.length, 4);
  header.writeUInt16BE(2 ** power * 16, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE(tables.length * 16 - 2 ** power * 16, 10);
  const parts: Buffer[] = [header];
  let offset = header.length;
  tables.forEach(({ tag, checksum, data }, index) => {
    const entry = sfntHeaderBytes + index * sfntEntryBytes;
    header.write(tag, entry, 'latin1');
    [checksum, offset, data.length].forEach((value, at) => {
      header.writeUInt32BE(value, entry + 4 + at * 4);
    });
    const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
    parts.push(data, padding);
    offset += data.length + padding.length;
  });
  return Buffer.concat(parts);
}
