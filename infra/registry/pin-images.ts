import { parseImage } from './image-reference.ts';
import type { Pinned } from './pinned.ts';
import { resolveDigest } from './resolve-digest.ts';

export interface Resolution {
  readonly image: string;
  /** What its tag stands for, or why that is not known. */
  readonly result: { readonly digest: string } | { readonly problem: string };
}

/** Asks for every image at once; `onDone` hears of each when its registry has answered, or has not. */
export const resolveAll = (
  images: readonly string[],
  options: {
    readonly base?: string | undefined;
    readonly signal?: AbortSignal;
    readonly onDone?: (resolution: Resolution) => void;
  } = {},
): Promise<readonly Resolution[]> =>
  Promise.all(
    images.map(async (image): Promise<Resolution> => {
      const resolution = { image, result: await resultOf(image, options) };
      options.onDone?.(resolution);
      return resolution;
    }),
  );

async function resultOf(
  image: string,
  options: { readonly base?: string | undefined; readonly signal?: AbortSignal },
): Promise<Resolution['result']> {
  try {
    return { digest: await resolveDigest(parseImage(image), options) };
  } catch (error) {
    options.signal?.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return { problem: `${error instanceof Error ? error.message : String(error)}${cause}` };
  }
}

/** What is pinned from now on: what was found, and for the others what was known before. Images that are no more are left out. */
export const pinnedBy = (resolutions: readonly Resolution[], before: Pinned): Pinned =>
  Object.fromEntries(
    resolutions.flatMap(({ image, result }) => {
      const digest = 'digest' in result ? result.digest : before[image];
      return digest === undefined ? [] : [[image, digest]];
    }),
  );
