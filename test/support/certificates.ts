import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate of its own authority, for 127.0.0.1, as PEM files in the folder. */
export async function selfSigned(
  folder: string,
  name: string,
): Promise<{ key: string; certificate: string }> {
  const files = { key: join(folder, `${name}.key`), certificate: join(folder, `${name}.crt`) };
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', files.key, '-out', files.certificate],
  ]);
  return files;
}
