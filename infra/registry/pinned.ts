import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';

/** Digests of images by their name with its tag, as registries have said them; `npm run pin-images` writes it. */
export const pinnedFile = join(import.meta.dirname, 'pinned.json');

const schema = z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/));
export type Pinned = Readonly<Record<string, string>>;

export const readPinned = (file = pinnedFile): Pinned => schema.parse(JSON.parse(readFileSync(file, 'utf8')));

export const writePinned = (pinned: Pinned, file = pinnedFile): void =>
  writeFileAtomically(
    file,
    `${JSON.stringify(Object.fromEntries(Object.entries(pinned).toSorted()), null, 2)}\n`,
    readableByAll,
  );

/** The image with its digest, where the digest of this very tag is known: a new tag is another image. */
export const withDigest = (image: string, pinned: Pinned): string =>
  Object.hasOwn(pinned, image) ? `${image}@${pinned[image]}` : image;
