import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { environmentNames } from '../../infra/config/names.ts';
import { dumpAll, writeGoldens } from '../../infra/kubernetes/dump/files.ts';
import { installPulumi } from '../../infra/kubernetes/packages.ts';
import { goldenFiles } from '../../infra/reference/golden.ts';
import { referencePages } from '../../infra/reference/pages.ts';
import { repositoryRoot } from '../../infra/repository.ts';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';

/** Writes what is generated and committed: the reference pages, and the golden files that reviews look at. */
export function docsCommand(): Command {
  return new Command('docs')
    .addHelpText('after', '\nExamples:\n  npm run docs\n\nA test fails while what is committed differs.')
    .action(async () => {
      for (const [name, text] of referencePages())
        writeFileAtomically(join(repositoryRoot, 'docs/reference', name), text, readableByAll);
      const golden = await goldenFiles();
      // What is no longer generated must not stay.
      for (const name of environmentNames)
        rmSync(join(repositoryRoot, 'test/golden', name), { recursive: true, force: true });
      for (const [path, text] of golden)
        writeFileAtomically(join(repositoryRoot, 'test/golden', path), text, readableByAll);
      await installPulumi({ onStart: (what) => console.error(what) });
      writeGoldens(await dumpAll());
      console.log(`docs/reference: ${referencePages().size} pages; test/golden: ${golden.size} files`);
    });
}
