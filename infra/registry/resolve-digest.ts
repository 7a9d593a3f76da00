import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ImageReference, registryUrl } from './image-reference.ts';

interface Options {
  /** In place of every registry: a mirror, or the server of a test. */
  readonly base?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds for one request. */
const timeoutMs = 15_000;
/** Registries take at most 4 MiB of manifest. */
const largestManifest = 4 * 1024 * 1024;
/** The token under either name, as registries give it; it goes into a header. */
const token = z.string().regex(/^\S+$/).nullish();
const tokenAnswer = z.object({ token, access_token: token });
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** The list of an image's platforms before the image of one. */
const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * What a tag stands for now, by the API of the OCI distribution specification: as the registry says it, or reckoned from
 * the manifest where it does not.
 * @throws Error when the registry does not answer, or has no such image
 */
export async function resolveDigest(image: ImageReference, options: Options = {}): Promise<string> {
  const base = options.base ?? registryUrl(image.registry);
  const url = `${base}/v2/${image.repository}/manifests/${image.tag}`;
  const headers: Record<string, string> = { accept: accepted };
  let answer = await request('HEAD', url, headers, options.signal);
  if (answer.status === 401) {
    const token = await tokenFor(answer.headers.get('www-authenticate') ?? '', image, base, options.signal);
    headers.authorization = `Bearer ${token}`;
    answer = await request('HEAD', url, headers, options.signal);
  }
  if (!answer.ok) throw new Error(`${base} answers ${answer.status} for ${image.repository}:${image.tag}`);
  const said = answer.headers.get('docker-content-digest');
  if (said !== null) return checked(said, base);
  const manifest = await request('GET', url, headers, options.signal);
  if (!manifest.ok)
    throw new Error(`${base} answers ${manifest.status} for ${image.repository}:${image.tag}`);
  return `sha256:${createHash('sha256')
    .update(await bytesOf(manifest))
    .digest('hex')}`;
}

const request = (
  method: 'GET' | 'HEAD',
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> =>
  fetch(url, {
    method,
    headers,
    redirect: 'follow',
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
  });

/** A token for reading this one repository, of where the registry sends its clients; nobody signs in. */
async function tokenFor(
  challenge: string,
  { repository }: ImageReference,
  base: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const parameter = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = /^bearer /i.test(challenge) ? parameter('realm') : undefined;
  if (realm === undefined) throw new Error(`${base} asks for a sign-on that is not known here`);
  const url = new URL(realm);
  if (url.protocol !== 'https:' && url.origin !== new URL(base).origin)
    throw new Error(`${base} sends its clients to ${url.origin}, without TLS`);
  const service = parameter('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${repository}:pull`);
  const answer = await request('GET', url.href, {}, signal);
  if (!answer.ok) throw new Error(`${url.origin} answers ${answer.status} for a token`);
  const { data } = tokenAnswer.safeParse(JSON.parse((await bytesOf(answer)).toString()));
  const found = data?.token ?? data?.access_token;
  if (typeof found !== 'string') throw new Error(`${url.origin} gives no token`);
  return found;
}

async function bytesOf(answer: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > largestManifest)
      throw new Error(`${answer.url} answers with more than ${largestManifest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function checked(digest: string, base: string): string {
  if (digestPattern.test(digest)) return digest;
  throw new Error(`${base} names the digest ${digest.slice(0, 100)}, which is none`);
}
