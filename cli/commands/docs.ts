import { join } from 'node:path';
import { Command } from 'commander';
import { environmentNames } from '../../infra/config/names.ts';
import { environmentFiles } from '../../infra/environment.ts';
import { goldenRoot } from '../../infra/reference/golden.ts';
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
      const counts: string[] = [];
      for (const name of environmentNames) {
        const files = await environmentFiles(name, goldenRoot);
        for (const [path, text] of files)
          writeFileAtomically(join(repositoryRoot, 'test/golden', name, path), text, readableByAll);
        counts.push(`test/golden/${name}: ${files.size} files`);
      }
      console.log(`docs/reference: ${referencePages().size} pages; ${counts.join('; ')}`);
    });
}
