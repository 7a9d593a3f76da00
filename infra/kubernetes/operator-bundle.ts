import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readableByAll, writeFileAtomically } from '../../telemetry/atomic-file.ts';
import { SightlineError } from '../../telemetry/errors.ts';
import { cacheRoot, ensureCacheRoot } from '../local/toolchain/cache.ts';
import { Downloader, DownloadFailure } from '../local/toolchain/download.ts';
import { github } from '../local/toolchain/release-hosts.ts';
import { runCommand } from '../local/toolchain/run-command.ts';
import { operatorBundleSha256, productVersions } from '../versions.ts';

const { version, goModule } = productVersions.prometheus_operator;
const bundlePath = `/prometheus-operator/prometheus-operator/releases/download/v${version}/bundle.yaml`;
/** The bundle has 5 MB. */
const maxBundleBytes = 20_000_000;
const goTimeoutMs = 300_000;

/** Kinds that we have objects of, or that the operator must be able to look for; the others are left to whom they serve. */
const wanted = [
  'alertmanagerconfigs',
  'alertmanagers',
  'podmonitors',
  'probes',
  'prometheuses',
  'prometheusrules',
  'servicemonitors',
].map((plural) => `${plural}.monitoring.coreos.com`);

const definition = z.object({
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()) }),
  spec: z.record(z.string(), z.unknown()),
});
const definitions = z.array(definition);

/** A custom resource's definition as the operator's release has it, without the descriptions of its fields. */
export type Definition = z.infer<typeof definition>;

export interface DefinitionOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * The definitions that the pinned release of the Prometheus Operator brings. The first time, its bundle is downloaded, or
 * taken from its Go module, and held against the SHA-256 in infra/versions.ts; later they come from the cache.
 * @throws {SightlineError} SL1201 when it cannot be had, SL1202 when it is not the one that was pinned, SL1204 for the cache
 */
export async function operatorDefinitions({
  env,
  signal,
}: DefinitionOptions): Promise<readonly Definition[]> {
  const root = cacheRoot(env);
  const file = join(root, `prometheus-operator-${version}-definitions.json`);
  const cached = await readFile(file, 'utf8').catch(() => undefined);
  if (cached !== undefined) return definitions.parse(JSON.parse(cached));
  await ensureCacheRoot(root);
  const found = definitionsIn(await bundle(env, signal));
  writeFileAtomically(file, JSON.stringify(found), readableByAll);
  return found;
}

async function bundle(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<string> {
  const base = (env.SIGHTLINE_RELEASES_URL || github).replace(/\/+$/, '');
  const url = `${base}${bundlePath}`;
  const downloader = new Downloader(env, signal);
  try {
    return verified(await downloader.text(url, maxBundleBytes), url);
  } catch (error) {
    if (!(error instanceof DownloadFailure)) throw error;
    return await fromGoModule(error.message, env, signal);
  } finally {
    await downloader.close();
  }
}

function verified(text: string, where: string): string {
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (sha256 === operatorBundleSha256) return text;
  throw new SightlineError('SL1202', {
    what: `The bundle of the Prometheus Operator ${version} has SHA-256 ${sha256}, but ${operatorBundleSha256} is pinned`,
    where,
    fix: 'try again; when it stays so, a proxy or mirror changes the file, or it was tampered with',
  });
}

const downloaded = z.object({ Dir: z.string() });

/** The release's Go module has the same file; Go needs no module of ours to get it. */
async function fromGoModule(
  missed: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'sightline-bundle-'));
  const module = `${goModule?.path}@${goModule?.version}`;
  try {
    const { exitCode, output } = await runCommand('go', ['mod', 'download', '-json', module], {
      cwd,
      env: { ...env, GOWORK: 'off', GOFLAGS: '-mod=mod' },
      timeoutMs: goTimeoutMs,
      signal,
    });
    signal?.throwIfAborted();
    if (exitCode !== 0)
      throw new SightlineError('SL1201', {
        what: `the bundle of the Prometheus Operator ${version} could not be had: ${missed}; go mod download ${module}: ${output.trim().slice(-500)}`,
        where: bundlePath,
        fix: 'connect to the network, set SIGHTLINE_RELEASES_URL to a mirror of the releases, or put Go on PATH',
      });
    const { Dir } = downloaded.parse(JSON.parse(output.slice(output.indexOf('{'))));
    return verified(await readFile(join(Dir, 'bundle.yaml'), 'utf8'), module);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** The file begins with a separator, so that its first document is empty. */
const object = z.looseObject({ kind: z.string() }).nullable();

/** What is wanted of a bundle. Descriptions are three fifths of it, and nobody reads them in the cluster. */
function definitionsIn(text: string): readonly Definition[] {
  const found = parseAllDocuments(text)
    .map((document) => object.parse(document.toJS()))
    .filter((each) => each?.kind === 'CustomResourceDefinition')
    .map((each) => definition.parse(each))
    .filter(({ metadata }) => wanted.includes(metadata.name));
  return definitions.length(wanted.length).parse(withoutDescriptions(found));
}

/** A property that is called so is an object, and stays. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => !(key === 'description' && typeof each === 'string'))
      .map(([key, each]) => [key, withoutDescriptions(each)]),
  );
}
