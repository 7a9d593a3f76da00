import { expect, test } from 'vitest';
import { checksumFor } from './checksums.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);

test.each([
  ['two spaces, as sha256sum writes', `${b}  other.zip\n${a}  x.tar.gz\n`],
  ['binary mode', `${a} *x.tar.gz\n`],
  ['a leading ./', `${a}  ./x.tar.gz\n`],
  ['upper case and CRLF', `${a.toUpperCase()}  x.tar.gz\r\n`],
  ['BSD', `SHA256 (x.tar.gz) = ${a}\n`],
  ['nothing but the digest, as Grafana publishes', `${a}\n`],
])('finds the digest: %s', (_form, file) => {
  expect(checksumFor('x.tar.gz', file)).toBe(a);
});

test.each([
  ['only another file', `${a}  x.tar.gz.asc\n`],
  ['a name that only ends alike', `${a}  prefix-x.tar.gz\n`],
  ['two bare digests', `${a}\n${b}\n`],
  ['a digest that is too short', `${a.slice(1)}  x.tar.gz\n`],
  ['a page that is no checksum file', '<html>Not Found</html>'],
  ['nothing', ''],
])('finds none: %s', (_form, file) => {
  expect(checksumFor('x.tar.gz', file)).toBeUndefined();
});
