import { Command } from 'commander';
import { taggedImages } from '../../infra/kubernetes/images.ts';
import { pinnedBy, type Resolution, resolveAll } from '../../infra/registry/pin-images.ts';
import { pinnedFile, readPinned, writePinned } from '../../infra/registry/pinned.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { interruptible } from '../interruptible.ts';

const examples = `
Examples:
  npm run pin-images              ask the registries, and write infra/registry/pinned.json
  npm run pin-images -- --json    the same, with what was found as JSON

Afterwards every object names its images with tag and digest: npm run golden shows the change, for the review. A version
that is changed in infra/versions.ts has no digest until this is run again. SIGHTLINE_REGISTRY_URL is asked in place of every
registry: a mirror. Exit code 1 when a registry does not answer; its images stay as they were.`;

export function pinImagesCommand(): Command {
  return new Command('pin-images')
    .option('--json', 'print each image with its digest, or why there is none, as JSON')
    .addHelpText('after', examples)
    .action((options: { readonly json?: boolean }) =>
      interruptible((signal) => pinImages(options.json === true, signal)),
    );
}

async function pinImages(json: boolean, signal: AbortSignal): Promise<void> {
  const resolutions = await resolveAll(taggedImages, {
    base: process.env.SIGHTLINE_REGISTRY_URL || undefined,
    signal,
    onDone: (resolution) => console.error(shown(resolution)),
  });
  const problems = resolutions.filter(({ result }) => 'problem' in result);
  const found = resolutions.length - problems.length;
  if (found > 0) writePinned(pinnedBy(resolutions, readPinned()));
  if (json) console.log(JSON.stringify(resolutions, null, 2));
  else if (found > 0)
    console.log(`${found} of ${resolutions.length} images have their digest in ${pinnedFile}`);
  if (problems.length === 0) return;
  throw new SightlineError('SL1822', {
    what:
      found === 0
        ? 'no registry answers; nothing is changed'
        : `${problems.length} of ${resolutions.length} images have no digest, and stay as they were`,
    where: problems.map(({ image }) => image).join(', '),
    fix: 'look at what is said of each above; where no registry is reached, name a mirror in SIGHTLINE_REGISTRY_URL',
  });
}

const shown = ({ image, result }: Resolution): string =>
  'digest' in result ? `${image} is ${result.digest}` : `${image}: ${result.problem}`;
