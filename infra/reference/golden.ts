import { type EnvironmentName, environmentNames } from '../config/names.ts';
import { environmentFiles, environmentStack } from '../environment.ts';
import type { EnvironmentStack } from '../stack.ts';

/** What stands in golden files for the directory that files refer to, which differs from machine to machine. */
export const goldenRoot = '/var/lib/sightline';

/** The environment whose files are all there; of the others, what differs from it. */
const complete: EnvironmentName = 'local';

/** Names what is left out of an environment's golden files. */
const sameFile = 'same-as-local.txt';

/**
 * The golden files of every environment, by path below `test/golden`. A file that differs from local's in nothing but
 * the addresses it links to is listed, not repeated: a reviewer reads a change once.
 */
export async function goldenFiles(): Promise<ReadonlyMap<string, string>> {
  const all = await Promise.all(
    environmentNames.map(async (name) => {
      const files = await environmentFiles(name, goldenRoot);
      return { name, files, bare: withoutAddresses(files, environmentStack(name).urls) };
    }),
  );
  const reference = all.find(({ name }) => name === complete)?.bare;
  return new Map(
    all.flatMap(({ name, files, bare }) => {
      if (name === complete) return [...files].map(([path, text]) => [`${name}/${path}`, text] as const);
      const same = [...bare].filter(([path, text]) => text === reference?.get(path));
      const listed = new Set(same.map(([path]) => path));
      return [
        ...[...files].flatMap(([path, text]) =>
          listed.has(path) ? [] : [[`${name}/${path}`, text] as const],
        ),
        [`${name}/${sameFile}`, `${[...listed].sort().join('\n')}\n`] as const,
      ];
    }),
  );
}

function withoutAddresses(
  files: ReadonlyMap<string, string>,
  { runbooks, ...urls }: EnvironmentStack['urls'],
): ReadonlyMap<string, string> {
  // The longest first: an address may be the beginning of another.
  const addresses = [runbooks.replace('{id}', ''), ...Object.values(urls)].toSorted(
    (a, b) => b.length - a.length,
  );
  return new Map(
    [...files].map(([path, text]) => [
      path,
      addresses.reduce((rest, address) => rest.replaceAll(address, '<address>'), text),
    ]),
  );
}
