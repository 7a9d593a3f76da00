import { type EnvironmentName, environmentNames } from '../config/names.ts';
import { environmentFiles, environmentStack } from '../environment.ts';

/** What stands in golden files for the directory that files refer to, which differs from machine to machine. */
const goldenRoot = '/var/lib/sightline';

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
    environmentNames.map(async (name) => [name, await environmentFiles(name, goldenRoot)] as const),
  );
  const reference = all.find(([name]) => name === complete)?.[1] ?? new Map<string, string>();
  return new Map(
    all.flatMap(([name, files]) => {
      if (name === complete) return [...files].map(([path, text]) => [`${name}/${path}`, text] as const);
      const same = [...files].filter(
        ([path, text]) => withoutAddresses(text, name) === withoutAddresses(reference.get(path), complete),
      );
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

function withoutAddresses(text: string | undefined, name: EnvironmentName): string | undefined {
  const { runbooks, ...addresses } = environmentStack(name).urls;
  return [runbooks.replace('{id}', ''), ...Object.values(addresses)]
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, address) => rest?.replaceAll(address, '<address>'), text);
}
